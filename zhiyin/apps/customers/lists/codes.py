"""The lists by their codes, as answers name them."""

from typing import Literal

ListCode = Literal["vip", "block", "do_not_call"]
