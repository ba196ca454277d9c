"""Everything known of a customer, by subject: the record, how to reach it, what is attached to it."""

from zhiyin.apps.customers.models.attached import Consent, CustomerTag, OwnedProduct, Product, Relation, Tag
from zhiyin.apps.customers.models.classes import CustomerClass, CustomerPolicy
from zhiyin.apps.customers.models.lists import ListEntry
from zhiyin.apps.customers.models.merging import CustomerMerge, DuplicatePair, DuplicateSearch
from zhiyin.apps.customers.models.pool import PoolMove
from zhiyin.apps.customers.models.record import (
    Customer,
    CustomerAddress,
    CustomerEmail,
    CustomerNumber,
    SearchEntry,
)

__all__ = [
    "Consent",
    "Customer",
    "CustomerAddress",
    "CustomerClass",
    "CustomerEmail",
    "CustomerMerge",
    "CustomerNumber",
    "CustomerPolicy",
    "CustomerTag",
    "DuplicatePair",
    "DuplicateSearch",
    "ListEntry",
    "OwnedProduct",
    "PoolMove",
    "Product",
    "Relation",
    "SearchEntry",
    "Tag",
]
