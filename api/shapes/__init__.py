"""What goes over the wire: one noun a file. Secrets are masked while a shape is made."""
