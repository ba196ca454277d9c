"""The Zhiyin contact centre's API for Python programs: routes as typed methods, paging, events, webhooks."""

from zhiyin_client.client import Client
from zhiyin_client.core import Problem, TooManyRequests, Unreachable
from zhiyin_client.webhooks import BadSignature, read_webhook

__all__ = ["BadSignature", "Client", "Problem", "TooManyRequests", "Unreachable", "read_webhook"]
