"""What runs beside the pages on the one loop: engine, gateway, seats, checks."""
