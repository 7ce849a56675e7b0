"""Product reviews in memory: a worker in another language. Needs nats-py; NATS_URL is the broker."""
import asyncio, json, os, signal
import nats
from nats.micro import ServiceConfig, add_service
from nats.micro.service import ServiceError

PRODUCT = {"type": "string", "minLength": 1, "maxLength": 64, "description": "The product."}
STARS = {"type": "integer", "minimum": 1, "maximum": 5, "description": "From 1, the worst, to 5."}
TEXT = {"type": "string", "maxLength": 2000, "description": "What the customer says."}
AUTHOR = {"type": "string", "description": "Who wrote it, as the ingress names callers."}
MINE = {"productId": "p1", "stars": 5, "text": "Fits."}
REVIEW = {"stars": 5, "text": "Fits.", "author": "customer:0190b0a4-6a7e-7c3a-9d5e-0a1b2c3d4e5f"}


def schema(example, **properties):
    return {"type": "object", "properties": properties, "required": list(properties), "examples": [example]}


ONE = schema(REVIEW, stars=STARS, text=TEXT, author=AUTHOR)
ALL = {"type": "array", "items": ONE, "description": "The oldest first."}
reviews = {}


def read(request, *names):
    try:
        fields = json.loads(request.data or b"{}")
        assert set(fields) == set(names), "expected " + ", ".join(names)
        assert isinstance(fields["productId"], str) and 1 <= len(fields["productId"]) <= 64, "productId: 1 to 64"
        assert type(fields.get("stars", 1)) is int and 1 <= fields.get("stars", 1) <= 5, "stars: expected 1 to 5"
        assert isinstance(fields.get("text", ""), str) and len(fields.get("text", "")) <= 2000, "text: at most 2000"
        return fields
    except (ValueError, TypeError, AssertionError) as error:
        raise ServiceError("400", str(error))


async def write(request):
    fields = read(request, "productId", "stars", "text")
    review = {"stars": fields["stars"], "text": fields["text"], "author": request.headers["Flotilla-Actor"]}
    reviews.setdefault(fields["productId"], []).append(review)
    await request.respond(json.dumps(review).encode())


async def show(request):
    fields = read(request, "productId")
    await request.respond(json.dumps({"reviews": reviews.get(fields["productId"], [])}).encode())


async def main():
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    client = await nats.connect(os.environ.get("NATS_URL", "nats://127.0.0.1:4222"))
    service = await add_service(client, ServiceConfig("reviews", "1.0.0", "What customers think of products."))
    for name, handler, http, access, status, description, request, reply in [
        ("write", write, "POST /products/{productId}/reviews", "customer", "201", "Writes a review.",
         schema(MINE, productId=PRODUCT, stars=STARS, text=TEXT), ONE),
        ("list", show, "GET /products/{productId}/reviews", "anyone", "200", "The reviews of a product.",
         schema({"productId": "p1"}, productId=PRODUCT), schema({"reviews": [REVIEW]}, reviews=ALL)),
    ]:
        await service.add_endpoint(name=name, subject=f"reviews.{name}", handler=handler, metadata={
            "http": http, "access": access, "status": status, "description": description,
            "request": json.dumps(request), "reply": json.dumps(reply)})
    await stop.wait()
    await service.stop()
    await client.close()


asyncio.run(main())
