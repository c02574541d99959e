"""Links about bilans."""
