# METADATA
# title: Queues before the line
# description: How far uploads are held back, so that nobody waits behind them
package gatewright.change.queues

import rego.v1

import data.gatewright.queues

_shaping := {
	"Device.QoS.Shaper.",
	"Device.QoS.Shaper.{i}.Enable",
	"Device.QoS.Shaper.{i}.ShapingRate",
}

_drop := "Device.QoS.Queue.{i}.DropAlgorithm"

covers := _shaping | {_drop, "Device.QoS.Shaper.{i}."}

# METADATA
# title: Uploads would be held back too much, or not at all
# description: A shaper lets out {min} to {max} percent of the line, and a rate in bits is not set from here.
# custom:
#   code: queues.rate_unfit
#   severity: deny
#   remedy: Choose a percentage within these limits, or -1 for no shaping.
deny contains {"code": "queues.rate_unfit", "path": change.path, "about": allowed} if {
	not input.point == "rollback"
	allowed := object.get(queues, "shaper_percent", {"min": null, "max": null})
	some template in _shaping
	changes := input.plan.changes[template]
	some change in changes
	not _off(change)
	not _fit(change, allowed)
}

# METADATA
# title: A way to drop packets that is not listed
# description: The queue would drop what is too much in a way that the operator did not list.
# custom:
#   code: queues.drop_not_listed
#   severity: deny
#   remedy: Choose a listed one.
deny contains {"code": "queues.drop_not_listed", "path": change.path} if {
	not input.point == "rollback"
	changes := input.plan.changes["Device.QoS.Queue.{i}.DropAlgorithm"]
	some change in changes
	not _listed(change)
}

_off(change) if input.shapers[change.path].enabled == false

# TR-181: no shaping. What is on and does not shape harms nobody.
_off(change) if input.shapers[change.path].rate == -1

_fit(change, allowed) if {
	rate := input.shapers[change.path].rate
	is_number(rate)
	is_number(allowed.min)
	is_number(allowed.max)
	rate >= allowed.min
	rate <= allowed.max
}

_listed(change) if change.after in queues.drop
