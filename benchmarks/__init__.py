"""What the speed of the service is measured with."""
