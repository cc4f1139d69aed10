"""The access network and the home as graphs, loaded by neighbourhood and never whole."""
