"""The routes of a topology that `warren compile` has written."""

import json


class Routes:
    """The publications and subscriptions of one virtual host, by name."""

    def __init__(self, publications, subscriptions):
        self._publications = publications
        self._subscriptions = subscriptions

    @classmethod
    def load(cls, path, vhost=None):
        """Reads a compiled topology. Name the virtual host if the topology has routes in several."""
        with open(path, encoding="utf-8") as file:
            routes = json.load(file)["routes"]
        vhosts = sorted({route["vhost"] for kind in routes.values() for route in kind})
        if vhost is None and len(vhosts) > 1:
            raise ValueError(f"{path} has routes in several virtual hosts: name one of {', '.join(vhosts)}")
        return cls(
            *(
                {route["name"]: route for route in routes[kind] if vhost is None or route["vhost"] == vhost}
                for kind in ("publications", "subscriptions")
            )
        )

    def publication(self, name):
        return _named("publication", self._publications, name)

    def subscription(self, name):
        return _named("subscription", self._subscriptions, name)


def _named(kind, routes, name):
    if name not in routes:
        known = ", ".join(sorted(routes)) or "none"
        raise KeyError(f"the topology has no {kind} {name!r}; it has: {known}")
    return routes[name]
