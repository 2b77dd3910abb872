"""Artemis's management: asked over STOMP, and the actions that it carries out itself."""
