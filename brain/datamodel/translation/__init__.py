"""The parts of the translator between TR-098 and TR-181: mapping, instances, rules, vendors."""
