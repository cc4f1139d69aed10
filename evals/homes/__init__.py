"""Virtual homes: simulated devices that speak CWMP to an ACS, and the air and wires around them."""
