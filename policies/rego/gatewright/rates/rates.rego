# METADATA
# title: Rates and blast radius
# description: |
#   How much may be changed around one device at once and within an hour. What is counted leaves the
#   change itself out, so there has to be room for one more. Taking back is never counted.
package gatewright.rates

import rego.v1

import data.gatewright.pace

# METADATA
# title: Not counted
# description: It is not known how much else is being changed around this device.
# custom:
#   code: rates.not_counted
#   severity: deny
#   remedy: Look at the store; the ledger counts before each write.
deny contains {"code": "rates.not_counted", "path": ""} if {
	input.point == "execute"
	not _counted
}

# METADATA
# title: Too many at once
# description: So many changes are under way on its {scope} already ({under_way}, of at most {limit}).
# custom:
#   code: rates.too_many_at_once
#   severity: deny
#   remedy: It is carried out by itself when others have ended; nothing has to be done.
#   passes: true
deny contains {"code": "rates.too_many_at_once", "path": "", "about": about} if {
	input.point == "execute"
	some scope in ((_scopes - _room_now) - _nowhere)
	about := {
		"scope": object.get(_words, [scope], scope),
		"under_way": object.get(input.usage, [scope, "under_way"], null),
		"limit": object.get(pace, [scope, "under_way"], null),
	}
}

# METADATA
# title: Too many within an hour
# description: So many changes were begun on its {scope} within the last hour ({last_hour}, of at most {limit}).
# custom:
#   code: rates.too_many_an_hour
#   severity: deny
#   remedy: It is carried out by itself when the hour has passed; nothing has to be done.
#   passes: true
deny contains {"code": "rates.too_many_an_hour", "path": "", "about": about} if {
	input.point == "execute"
	some scope in ((_scopes - _room_this_hour) - _nowhere)
	about := {
		"scope": object.get(_words, [scope], scope),
		"last_hour": object.get(input.usage, [scope, "last_hour"], null),
		"limit": object.get(pace, [scope, "last_hour"], null),
	}
}

# What the verdict rests on: it is counted against once more in the transaction that mints the permit.
default limits := {}

limits := pace if input.point == "execute"

_words := {"unplaced": "unknown place"}

_scopes contains scope if {
	is_object(input.usage)
	some scope, _ in input.usage
}

_counted if {
	_scopes == {"device", "model", "olt", "port", "site", "tenant", "unplaced"}
	is_object(input.usage.device)
	is_object(input.usage.model)
	is_object(input.usage.tenant)
	_placed
}

# A device lies somewhere that was entered, or is counted with those of which nobody knows.
_placed if {
	some scope in {"olt", "port", "site", "unplaced"}
	is_object(input.usage[scope])
}

# The device lies in none of these.
_nowhere contains scope if {
	some scope, counted in input.usage
	is_null(counted)
}

_room_now contains scope if {
	some scope, counted in input.usage
	is_number(counted.under_way)
	is_number(pace[scope].under_way)
	counted.under_way < pace[scope].under_way
}

_room_this_hour contains scope if {
	some scope, counted in input.usage
	is_number(counted.last_hour)
	is_number(pace[scope].last_hour)
	counted.last_hour < pace[scope].last_hour
}
