"""Product reviews in memory: a worker in another language. Needs nats-py; NATS_URL is the broker."""
import asyncio, json, os, signal
import nats
from nats.micro import ServiceConfig, add_service
from nats.micro.service import ServiceError

PRODUCT = {"type": "string", "minLength": 1, "maxLength": 64, "description": "The product."}
STARS = {"type": "integer", "minimum": 1, "maximum": 5, "description": "From 1, the worst, to 5."}
TEXT = {"type": "string", "maxLength": 2000, "description": "What the customer says."}
AUTHOR = {"type": "string", "description": "Who wrote it, as the ingress names callers."}


def schema(**properties):
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


REVIEW = schema(stars=STARS, text=TEXT, author=AUTHOR)
ENDPOINTS = {
    "write": ("POST", "customer", "201", schema(productId=PRODUCT, stars=STARS, text=TEXT), REVIEW),
    "list": ("GET", "anyone", "200", schema(productId=PRODUCT), schema(reviews={"type": "array", "items": REVIEW}))}
reviews = {}


async def answer(request, name, act):
    try:
        fields = json.loads(request.data or b"{}")
        assert set(fields) == set(ENDPOINTS[name][3]["required"]), "expected " + ", ".join(ENDPOINTS[name][3]["required"])
        product, stars, text = fields["productId"], fields.get("stars", 1), fields.get("text", "")
        assert isinstance(product, str) and 1 <= len(product) <= 64, "productId: expected 1 to 64 characters"
        assert not isinstance(stars, bool) and stars in (1, 2, 3, 4, 5), "stars: expected 1 to 5"
        assert isinstance(text, str) and len(text) <= 2000, "text: expected at most 2000 characters"
    except (ValueError, TypeError, AssertionError) as error:
        raise ServiceError("400", str(error))
    author = (request.headers or {}).get("Flotilla-Actor", "internal")
    await request.respond(json.dumps(act(product, {"stars": int(stars), "text": text, "author": author})).encode())


def write(product, review):
    reviews.setdefault(product, []).append(review)
    return review


async def main():
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    client = await nats.connect(os.environ.get("NATS_URL", "nats://127.0.0.1:4222"))
    service = await add_service(client, ServiceConfig("reviews", "1.0.0", "What customers think of products."))
    acts = {"write": write, "list": lambda product, _: {"reviews": reviews.get(product, [])}}
    for name, (method, access, status, request, reply) in ENDPOINTS.items():
        await service.add_endpoint(
            name=name, subject=f"reviews.{name}", handler=lambda request, name=name: answer(request, name, acts[name]),
            metadata={"http": f"{method} /products/{{productId}}/reviews", "access": access, "status": status,
                      "request": json.dumps(request), "reply": json.dumps(reply)})
    await stop.wait()
    await service.stop()
    await client.close()


asyncio.run(main())
