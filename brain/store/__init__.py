"""SQL tables and one repository a noun. Rows never leave: what comes out is of the domain."""
