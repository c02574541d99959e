"""Taking over the spreadsheet of the former tool: read the file, understand each cell, write each line, report.

`lecture` turns bytes into lines, `valeurs` cells into values, `ecriture` a line into rows, `rapport` says all of it.
Nothing is guessed in silence: what is rejected, doubtful or left out is a finding with its line and column.
"""
