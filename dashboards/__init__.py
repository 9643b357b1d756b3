"""dashboards: what people see and type."""
