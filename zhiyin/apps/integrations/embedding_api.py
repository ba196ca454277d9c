"""HTTP of the embedded telephone: who may embed it."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from zhiyin.apps.integrations import embedding
from zhiyin.apps.rest.access import NeedsPerson, TenantRequest
from zhiyin.apps.rest.schemas import problems

MANAGE = NeedsPerson("integrations.manage", why="Whose pages are trusted is decided by a company's administrators.")
router = Router(tags=["embedding"], auth=MANAGE)

OriginText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class EmbeddingIn(Schema):
    #: addresses of pages; what follows the host is left out
    origins: list[OriginText] = Field(max_length=embedding.MOST_ORIGINS)


class EmbeddingOut(Schema):
    origins: list[str]


@router.get("", operation_id="getEmbedding", response={200: EmbeddingOut, **problems()})
def get_embedding(request: TenantRequest) -> Any:
    """Whose pages may show the company's telephone and speak with it."""
    return {"origins": embedding.get_origins(tenant=request.actor.tenant)}


@router.put("", operation_id="saveEmbedding", response={200: EmbeddingOut, **problems(400)})
def save_embedding(request: TenantRequest, body: EmbeddingIn) -> Any:
    """Allow these origins, and no others."""
    return {"origins": embedding.save_origins(actor=request.actor, origins=body.origins)}


@router.get("/{company}", operation_id="getCompanyEmbedding", auth=None, response={200: EmbeddingOut})
def get_company_embedding(request: HttpRequest, company: str) -> Any:
    """The same for the page itself, before anybody logs in; the page's policy tells it to every browser anyway."""
    return {"origins": embedding.find_origins(company=company)}
