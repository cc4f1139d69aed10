package gatewright.calendar

import rego.v1

import data.gatewright.schedule

# METADATA
# title: A freeze
# description: Nothing is changed now ({freeze}).
# custom:
#   code: calendar.frozen
#   severity: deny
#   remedy: Wait for the end of the freeze, or ask an operator to break the glass.
#   passes: true
deny contains {"code": "calendar.frozen", "path": "", "about": {"freeze": freeze}} if {
	input.point == "execute"
	some name in _freezes
	freeze := object.get(schedule, ["freezes", name, "text"], name)
}

# On, unless it is known to be over, not begun, or for others.
_freezes := set() if {
	schedule.freezes == {}
} else := ((object.keys(schedule.freezes) - _past) - _to_come) - _of_others

_past contains name if {
	is_number(input.now.epoch)
	some name, freeze in schedule.freezes
	is_number(freeze.ends)
	input.now.epoch >= freeze.ends
}

_to_come contains name if {
	is_number(input.now.epoch)
	some name, freeze in schedule.freezes
	is_number(freeze.begins)
	input.now.epoch < freeze.begins
}

_of_others contains name if {
	is_string(input.tenant)
	some name, freeze in schedule.freezes
	named := {tenant | some tenant in freeze.tenants}
	count(named) > 0
	count(named & {input.tenant}) == 0
}

# Where nobody knows the country, it may be one of them.
_of_others contains name if {
	is_string(input.device.country)
	some name, freeze in schedule.freezes
	named := {country | some country in freeze.countries}
	count(named) > 0
	count(named & {input.device.country}) == 0
}
