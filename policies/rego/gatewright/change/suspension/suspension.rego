# METADATA
# title: Suspending and restoring service
# description: Taking the service from a subscriber is for those who answer for it; giving it back is not
package gatewright.change.suspension

import rego.v1

import data.gatewright.suspension

_portal := "Device.CaptivePortal.Enable"

_address := "Device.CaptivePortal.URL"

_resolvers := {
	"Device.DHCPv4.Server.Pool.{i}.DNSServers",
	"Device.DNS.Client.Server.{i}.DNSServer",
}

covers := {_address, _portal}

# METADATA
# title: Service is never taken or given unattended
# description: Whether a home has service is decided by a person who can be asked why.
# custom:
#   code: suspension.machine
#   severity: deny
#   remedy: Let somebody of a group that may suspend service ask for it.
deny contains {"code": "suspension.machine", "path": change.path} if {
	not input.asker.kind == "person"
	some change in (_suspending | _restoring)
}

# METADATA
# title: Not entitled to suspend service
# description: The one who asks is in none of the groups that may take the service from a subscriber.
# custom:
#   code: suspension.not_entitled
#   severity: deny
#   remedy: Hand this over to a group that may, such as billing.
deny contains {"code": "suspension.not_entitled", "path": change.path} if {
	not _entitled
	some change in _suspending
}

# METADATA
# title: It could not be given back
# description: The device may be managed over this very line, so it could not be switched on again.
# custom:
#   code: suspension.no_way_back
#   severity: deny
#   remedy: Use the walled garden, or list the model as one that is managed over a line of its own.
deny contains {"code": "suspension.no_way_back", "path": change.path} if {
	not _managed_apart
	some template in _internet
	changes := input.plan.changes[template]
	some change in changes
	not change.after == true
}

# METADATA
# title: A page that is not the operator's
# description: The address is not one of the pages that the operator shows to suspended subscribers.
# custom:
#   code: suspension.page_not_listed
#   severity: deny
#   remedy: Use a listed page, or have the address added to the list.
deny contains {"code": "suspension.page_not_listed", "path": change.path} if {
	changes := input.plan.changes["Device.CaptivePortal.URL"]
	some change in changes
	not _listed_page(change)
}

# METADATA
# title: Service is taken or given back
# description: Whether a home has service is looked at by a second person, whichever way it goes.
# custom:
#   code: suspension.four_eyes
#   severity: review
#   remedy: Check the account of the subscriber, and whether anybody there depends on the line.
review contains {"code": "suspension.four_eyes", "path": change.path, "group": "approvers"} if {
	some change in (_suspending | _restoring)
}

# What is not plainly switched on is held to be switched off.
_suspending contains change if {
	some template in (_internet | _voice)
	changes := input.plan.changes[template]
	some change in changes
	not change.after == true
}

_suspending contains change if {
	changes := input.plan.changes["Device.CaptivePortal.Enable"]
	some change in changes
	not change.after == false
}

_suspending contains change if {
	changes := input.plan.changes["Device.CaptivePortal.URL"]
	some change in changes
}

_suspending contains change if {
	some template in _resolvers
	changes := input.plan.changes[template]
	some change in changes
	_names_garden(change.after)
}

_restoring contains change if {
	some template in (_internet | _voice)
	changes := input.plan.changes[template]
	some change in changes
	change.after == true
}

_restoring contains change if {
	changes := input.plan.changes["Device.CaptivePortal.Enable"]
	some change in changes
	change.after == false
}

_restoring contains change if {
	some template in _resolvers
	changes := input.plan.changes[template]
	some change in changes
	_names_garden(change.before)
}

# These take the service whatever an operator lists besides.
_internet contains template if {
	some template in {"Device.IP.Interface.{i}.Enable", "Device.PPP.Interface.{i}.Enable"}
}

_internet contains template if some template in suspension.more_lines.internet

_voice contains template if {
	some template in {
		"Device.Services.VoiceService.{i}.CallControl.Line.{i}.Enable",
		"Device.Services.VoiceService.{i}.SIP.Client.{i}.Enable",
	}
}

_voice contains template if some template in suspension.more_lines.voice

_names_garden(text) if {
	is_string(text)
	some address in split(text, ",")
	address in suspension.resolvers
}

_entitled if {
	some group in input.asker.groups
	group in suspension.groups
}

_managed_apart if {
	is_string(input.device.model)
	input.device.model in suspension.managed_apart[input.device.manufacturer]
}

_listed_page(change) if {
	is_string(change.after)
	change.after in suspension.pages
}
