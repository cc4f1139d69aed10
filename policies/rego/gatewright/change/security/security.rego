# METADATA
# title: What comes in from the internet
# description: Port mappings, the exposed host, the firewall and UPnP
package gatewright.change.security

import rego.v1

import data.gatewright.openings

_mapping := {
	"Device.NAT.PortMapping.",
	"Device.NAT.PortMapping.{i}.Description",
	"Device.NAT.PortMapping.{i}.Enable",
	"Device.NAT.PortMapping.{i}.ExternalPort",
	"Device.NAT.PortMapping.{i}.ExternalPortEndRange",
	"Device.NAT.PortMapping.{i}.InternalClient",
	"Device.NAT.PortMapping.{i}.InternalPort",
	"Device.NAT.PortMapping.{i}.LeaseDuration",
	"Device.NAT.PortMapping.{i}.Protocol",
	"Device.NAT.PortMapping.{i}.RemoteHost",
}

_exposing := {
	"Device.Firewall.DMZ.",
	"Device.Firewall.DMZ.{i}.DestIP",
	"Device.Firewall.DMZ.{i}.Enable",
}

_closing := {"Device.Firewall.DMZ.{i}.", "Device.NAT.PortMapping.{i}."}

_firewall := {"Device.Firewall.Config", "Device.Firewall.Enable"}

_upnp := "Device.UPnP.Device.UPnPIGD"

covers := (_mapping | _exposing) | ((_closing | _firewall) | {_upnp})

# METADATA
# title: Machines open nothing and close nothing
# description: What comes in from the internet is decided by people.
# custom:
#   code: security.machine
#   severity: deny
#   remedy: Let a support agent do it, with the subscriber on the line.
deny contains {"code": "security.machine", "path": change.path} if {
	not input.asker.kind == "person"
	some template in covers
	changes := input.plan.changes[template]
	some change in changes
}

# METADATA
# title: It does not lead to a device in the home
# description: The address inside is missing, or is not one that only a home network has.
# custom:
#   code: security.not_in_the_home
#   severity: deny
#   remedy: Enter the private address of the device in the home.
deny contains {"code": "security.not_in_the_home", "path": change.path} if {
	some change in _opening
	not _in_the_home(change)
}

# METADATA
# title: The mapping is not clear
# description: It needs one protocol, a port inside, and at most {max} ports outside; port 0 means all.
# custom:
#   code: security.mapping_unclear
#   severity: deny
#   remedy: Complete the mapping, or open fewer ports.
deny contains {"code": "security.mapping_unclear", "path": change.path, "about": {"max": most}} if {
	most := object.get(openings, "max_ports", null)
	some template in _mapping
	changes := input.plan.changes[template]
	some change in changes
	not _shut(change)
	not _at(change, _clear)
}

# METADATA
# title: The port is not given away
# description: A port outside is one that the device is managed by, or that worms come in by.
# custom:
#   code: security.port_closed
#   severity: deny
#   remedy: Choose another port outside; the one inside may stay.
deny contains {"code": "security.port_closed", "path": change.path} if {
	some template in _mapping
	changes := input.plan.changes[template]
	some change in changes
	not _shut(change)
	not _at(change, _beside_closed_ports)
}

# METADATA
# title: The firewall is not lowered
# description: The firewall stays on, and is set to a listed level that is no lower than before.
# custom:
#   code: security.firewall_lower
#   severity: deny
#   remedy: Open single ports instead.
deny contains {"code": "security.firewall_lower", "path": change.path} if {
	some change in _lower
}

# METADATA
# title: A way in
# description: From then on, something in the home can be reached from the internet.
# custom:
#   code: security.opens
#   severity: review
#   remedy: Make sure that the subscriber asked for it and that the device behind it is kept up to date.
review contains {"code": "security.opens", "path": change.path, "group": "approvers"} if {
	some change in (_opening | _inviting)
}

# METADATA
# title: A host without any protection
# description: All that comes in from the internet would reach one device in the home.
# custom:
#   code: security.exposes_host
#   severity: review
#   remedy: Open single ports instead.
review contains {"code": "security.exposes_host", "path": change.path, "group": "noc"} if {
	some template in _exposing
	changes := input.plan.changes[template]
	some change in changes
	not _shut(change)
}

_opening contains change if {
	some template in (_mapping | _exposing)
	changes := input.plan.changes[template]
	some change in changes
	not _shut(change)
}

# UPnP lets whatever is in the home open ports by itself.
_inviting contains change if {
	changes := input.plan.changes["Device.UPnP.Device.UPnPIGD"]
	some change in changes
	not change.after == false
}

_in_the_home(change) if input.openings[change.path].private == true

# Only a row that would be off lets nothing in; of one that says nothing the worst is held.
_shut(change) if input.openings[change.path].enabled == false

_clear contains at if {
	is_object(input.openings)
	is_number(openings.max_ports)
	some at, opening in input.openings
	opening.protocol in {"TCP", "UDP"}
	is_number(opening.first)
	is_number(opening.last)
	is_number(opening.internal)
	opening.first > 0
	opening.first <= opening.last
	opening.internal > 0
	opening.first + openings.max_ports > opening.last
}

_beside_closed_ports contains at if {
	is_object(input.openings)
	count(openings.closed_ports) >= 0
	some at, opening in input.openings
	is_number(opening.first)
	is_number(opening.last)
	every closed in openings.closed_ports {
		_apart(opening, closed)
	}
}

_apart(opening, closed) if {
	is_number(closed.from)
	is_number(closed.to)
	opening.first > closed.to
}

_apart(opening, closed) if {
	is_number(closed.from)
	is_number(closed.to)
	opening.last < closed.from
}

_at(change, paths) if change.path in paths

_lower contains change if {
	changes := input.plan.changes["Device.Firewall.Enable"]
	some change in changes
	not change.after == true
}

_lower contains change if {
	changes := input.plan.changes["Device.Firewall.Config"]
	some change in changes
	not _as_high(change)
}

_as_high(change) if {
	is_string(change.after)
	is_string(change.before)
	levels := openings.firewall
	is_number(levels[change.after])
	is_number(levels[change.before])
	levels[change.after] >= levels[change.before]
}
