"""Messages about bilans."""
