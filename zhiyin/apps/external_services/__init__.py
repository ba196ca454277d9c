"""External services (外部服务): other systems that a company's flows ask, and by which messages are sent."""
