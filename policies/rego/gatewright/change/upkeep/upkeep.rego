# METADATA
# title: What a device does for itself
# description: Its clock and its log
package gatewright.change.upkeep

import rego.v1

import data.gatewright.upkeep

_clock := "Device.Time.Enable"

_log := "Device.Syslog.Enable"

_servers := {
	"Device.Time.NTPServer1",
	"Device.Time.NTPServer2",
	"Device.Time.NTPServer3",
	"Device.Time.NTPServer4",
	"Device.Time.NTPServer5",
}

covers := _servers | {_clock, _log}

# METADATA
# title: A time server that is not listed
# description: Whoever sets the clock of a device decides which certificates it takes for valid.
# custom:
#   code: upkeep.server_not_listed
#   severity: deny
#   remedy: Use a listed time server, or have this one added to the list (GATEWRIGHT_TIME_SERVERS).
deny contains {"code": "upkeep.server_not_listed", "path": change.path} if {
	not input.point == "rollback"
	some template in _servers
	changes := input.plan.changes[template]
	some change in changes
	not _listed(change)
}

# METADATA
# title: A switch that is neither on nor off
# description: It cannot be told whether the device would keep a clock or a log.
# custom:
#   code: upkeep.value_unfit
#   severity: deny
#   remedy: Send true or false.
deny contains {"code": "upkeep.value_unfit", "path": change.path} if {
	some template in {_clock, _log}
	changes := input.plan.changes[template]
	some change in changes
	not _switched(change)
}

# METADATA
# title: The clock is no longer set
# description: With a wrong clock certificates are not believed, and what is timed happens when it should not.
# custom:
#   code: upkeep.clock_off
#   severity: review
#   remedy: Leave the clock on.
review contains {"code": "upkeep.clock_off", "path": change.path, "group": "approvers"} if {
	changes := input.plan.changes["Device.Time.Enable"]
	some change in changes
	not change.after == true
}

_listed(change) if change.after in upkeep.time_servers

_switched(change) if change.after in {true, false}
