package gatewright.change.wan_test

import rego.v1

import data.gatewright.change.wan
import data.gatewright.question_test

test_a_listed_resolver_is_neither_denied_nor_reviewed if {
	count(wan.deny) == 0 with input as _resolver("9.9.9.9") with data.gatewright.resolvers as _listed
	count(wan.review) == 0 with input as _resolver("9.9.9.9") with data.gatewright.resolvers as _listed
}

test_any_other_resolver_is_denied if {
	every address in ["9.9.9.90", "", " 9.9.9.9", "9.9.9.9,6.6.6.6", null, 9, ["9.9.9.9"]] {
		wan.deny == {_not_listed} with input as _resolver(address) with data.gatewright.resolvers as _listed
	}
}

test_a_change_to_nothing_is_denied if {
	changes := {"Device.DNS.Client.Server.{i}.DNSServer": [{"path": "Device.DNS.Client.Server.1.DNSServer"}]}
	wan.deny == {_not_listed} with input as {"plan": {"changes": changes}}
}

test_without_a_list_no_resolver_is_listed if {
	every list in [{}, {"addresses": null}, {"addresses": []}] {
		count(wan.deny) == 1 with input as _resolver("9.9.9.9") with data.gatewright.resolvers as list
	}
}

test_a_resolver_of_the_walled_garden_is_listed_too if {
	garden := {"resolvers": ["192.0.2.66"]}
	count(wan.deny) == 0 with input as _resolver("192.0.2.66") with data.gatewright.suspension as garden
	count(wan.deny) == 1 with input as _resolver("192.0.2.66") with data.gatewright.suspension as {}
}

test_the_network_team_reviews_the_line if {
	every template in _line {
		asked := question_test.setting(template, "x")
		count(wan.deny) == 0 with input as asked
		team := {"code": "wan.network_team", "path": question_test.concrete(template), "group": "noc"}
		wan.review == {team} with input as asked
	}
}

test_a_machine_is_denied_the_line if {
	every kind in ["machine", "", null] {
		asked := object.union(question_test.setting("Device.PPP.Interface.{i}.Username", "x"), {"asker": {"kind": kind}})
		question_test.codes(wan.deny) == {"wan.machine"} with input as asked
	}
}

test_objects_of_the_line_are_not_added_or_deleted if {
	every op in ["add", "delete", "command", null] {
		asked := object.union(question_test.asked, {"plan": question_test.plan(op, "Device.IP.Interface.{i}.", {})})
		question_test.codes(wan.deny) == {"wan.only_values"} with input as asked
	}
}

test_what_only_looks_like_the_line_is_not_the_line if {
	every template in ["Device.IPsec.Enable", "Device.X_PPP.Interface.{i}.Username", "Device.PPP.InterfaceCount"] {
		count(wan.review) == 0 with input as question_test.setting(template, "x")
	}
}

_line := {
	"Device.Ethernet.Interface.{i}.Enable",
	"Device.Ethernet.Link.{i}.LowerLayers",
	"Device.Ethernet.VLANTermination.{i}.VLANID",
	"Device.IP.Interface.{i}.IPv4Address.{i}.IPAddress",
	"Device.PPP.Interface.{i}.Username",
	"Device.Routing.Router.{i}.Enable",
}

_not_listed := {"code": "wan.resolver_not_listed", "path": "Device.DNS.Client.Server.1.DNSServer"}

_listed := {"addresses": ["9.9.9.9"]}

_resolver(address) := question_test.setting("Device.DNS.Client.Server.{i}.DNSServer", address)
