"""Stripe's own Python library against the simulator, unchanged: what it should raise and return, it does.

    python3 -m venv .venv && .venv/bin/pip install stripe
    .venv/bin/python docker/examples/stripe_library.py URL SECRETS

URL is the simulator's (`jq -r .stripe .flotilla/fleet.json`), SECRETS a folder with `stripe-api.key` and
`stripe-webhook.secret` (`.flotilla/secrets`). Faults that others have set are reset.
"""
import http.server, json, pathlib, queue, sys, threading, urllib.request, uuid
import stripe

url, folder = sys.argv[1], pathlib.Path(sys.argv[2])
stripe.api_key = (folder / "stripe-api.key").read_text().strip()
secret = (folder / "stripe-webhook.secret").read_text().strip()
stripe.api_base = url
deliveries = queue.Queue()
rows = []


class Hook(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        deliveries.put((body, self.headers["Stripe-Signature"]))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *ignored):
        pass


def control(path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url + path, data=data, method="GET" if body is None else "POST")
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.loads(answer.read() or b"{}")


def shown(what):
    def run(check):
        rows.append((what, check()))
        print(f"{what:<52} {rows[-1][1]}", flush=True)
    return run


def raises(kind, call):
    try:
        call()
    except kind as error:
        return error
    raise AssertionError(f"expected {kind.__name__}")


def intent(amount=5998, method="pm_card_visa", confirm=True, **more):
    if confirm:
        more.setdefault("return_url", "https://shop.test/done")
    return stripe.PaymentIntent.create(
        amount=amount, currency="usd", payment_method=method, confirm=confirm, **more)


control("/sim/faults", {"reset": True})


@shown("create and confirm")
def _():
    made = intent(metadata={"order_id": "o-1"})
    assert made.status == "succeeded" and made.amount_received == 5998 and made.metadata["order_id"] == "o-1"
    return made.status


@shown("create, then confirm")
def _():
    made = intent(confirm=False)
    assert made.status == "requires_confirmation"
    done = stripe.PaymentIntent.confirm(made.id)
    assert done.status == "succeeded"
    return f"{made.status} -> {done.status}"


@shown("create without a method, attach it, confirm")
def _():
    made = stripe.PaymentIntent.create(
        amount=1099, currency="eur", automatic_payment_methods={"enabled": True, "allow_redirects": "never"})
    assert made.status == "requires_payment_method"
    changed = stripe.PaymentIntent.modify(made.id, payment_method="pm_card_visa", metadata={"a": "b"})
    assert changed.status == "requires_confirmation" and changed.metadata["a"] == "b"
    assert stripe.PaymentIntent.confirm(made.id, return_url="https://shop.test").status == "succeeded"
    return "succeeded"


@shown("manual capture, a part of it")
def _():
    made = intent(capture_method="manual")
    assert made.status == "requires_capture" and made.amount_capturable == 5998
    done = stripe.PaymentIntent.capture(made.id, amount_to_capture=1000)
    assert done.status == "succeeded" and done.amount_received == 1000
    return f"{made.status} -> {done.status} ({done.amount_received})"


for method, code, decline in [
    ("pm_card_visa_chargeDeclined", "card_declined", "generic_decline"),
    ("pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
    ("pm_card_visa_chargeDeclinedLostCard", "card_declined", "lost_card"),
    ("pm_card_chargeDeclinedExpiredCard", "expired_card", None),
    ("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", None),
    ("pm_card_chargeDeclinedProcessingError", "processing_error", None),
]:
    @shown(f"CardError: {method}")
    def _():
        error = raises(stripe.CardError, lambda: intent(method=method))
        assert error.code == code and error.http_status == 402, (error.code, error.http_status)
        assert decline is None or error.error.decline_code == decline
        assert error.error.payment_intent["status"] == "requires_payment_method"
        assert stripe.PaymentIntent.retrieve(error.error.payment_intent["id"]).last_payment_error.code == code
        return f"402 {error.code} {error.error.decline_code if decline else '-'}"


@shown("declined, then paid with another card")
def _():
    error = raises(stripe.CardError, lambda: intent(method="pm_card_visa_chargeDeclined"))
    paid = stripe.PaymentIntent.confirm(
        error.error.payment_intent["id"], payment_method="pm_card_visa", return_url="https://shop.test")
    assert paid.status == "succeeded" and paid.last_payment_error is None
    return paid.status


@shown("3-D Secure, completed on its page")
def _():
    made = intent(method="pm_card_authenticationRequired")
    assert made.status == "requires_action" and made.next_action.type == "redirect_to_url"
    assert made.client_secret.startswith(made.id + "_secret_")
    page = urllib.request.urlopen(made.next_action.redirect_to_url.url, timeout=10).read()
    assert b"3-D Secure" in page
    control(f"/3ds/{made.id}/complete", {})
    done = stripe.PaymentIntent.retrieve(made.id)
    assert done.status == "succeeded" and done.next_action is None
    return f"{made.status} -> {done.status}"


@shown("3-D Secure, failed")
def _():
    made = intent(method="pm_card_authenticationRequired")
    control(f"/3ds/{made.id}/fail", {})
    done = stripe.PaymentIntent.retrieve(made.id)
    assert done.status == "requires_payment_method"
    assert done.last_payment_error.code == "payment_intent_authentication_failure"
    return f"{made.status} -> {done.status}"


@shown("cancel")
def _():
    made = intent(method="pm_card_authenticationRequired")
    gone = stripe.PaymentIntent.cancel(made.id, cancellation_reason="abandoned")
    assert gone.status == "canceled" and gone.cancellation_reason == "abandoned"
    error = raises(stripe.InvalidRequestError, lambda: stripe.PaymentIntent.cancel(made.id))
    assert error.code == "payment_intent_unexpected_state"
    assert raises(stripe.InvalidRequestError, lambda: stripe.PaymentIntent.confirm(made.id)).http_status == 400
    return f"{gone.status}; again: 400 {error.code}"


@shown("refund, in parts, and no more than all of it")
def _():
    made = intent()
    part = stripe.Refund.create(payment_intent=made.id, amount=2000, reason="requested_by_customer")
    assert part.status == "succeeded" and part.amount == 2000
    error = raises(stripe.InvalidRequestError, lambda: stripe.Refund.create(payment_intent=made.id, amount=4000))
    assert error.param == "amount"
    rest = stripe.Refund.create(payment_intent=made.id)
    assert rest.amount == 3998
    error = raises(stripe.InvalidRequestError, lambda: stripe.Refund.create(payment_intent=made.id))
    assert error.code == "charge_already_refunded"
    listed = stripe.Refund.list(payment_intent=made.id)
    assert [refund.id for refund in listed] == [rest.id, part.id]
    charge = stripe.PaymentIntent.retrieve(made.id, expand=["latest_charge"]).latest_charge
    assert charge.refunded and charge.amount_refunded == 5998
    return f"2000 + 3998; again: {error.code}"


@shown("refunds whose outcome flips later")
def _():
    pending = stripe.Refund.create(payment_intent=intent(method="pm_card_pendingRefund").id)
    failing = stripe.Refund.create(payment_intent=intent(method="pm_card_refundFail").id)
    before = pending.status, failing.status
    control("/sim/settle", {})
    after = stripe.Refund.retrieve(pending.id).status, stripe.Refund.retrieve(failing.id).status
    assert before == ("pending", "succeeded") and after == ("succeeded", "failed"), (before, after)
    return f"{before} -> {after}"


@shown("a dispute, won with evidence")
def _():
    made = intent(method="pm_card_createDispute")
    dispute = stripe.Dispute.list(payment_intent=made.id).data[0]
    assert dispute.status == "needs_response"
    error = raises(stripe.InvalidRequestError, lambda: stripe.Refund.create(payment_intent=made.id))
    assert error.code == "charge_disputed"
    won = stripe.Dispute.modify(dispute.id, evidence={"uncategorized_text": "winning_evidence"}, submit=True)
    return f"{dispute.status} -> {won.status}; refund meanwhile: {error.code}"


@shown("idempotency: the first answer again")
def _():
    key = str(uuid.uuid4())
    first, second = intent(idempotency_key=key), intent(idempotency_key=key)
    assert first.id == second.id and second.last_response.headers["Idempotent-Replayed"] == "true"
    declined = [raises(stripe.CardError, lambda: intent(
        method="pm_card_visa_chargeDeclined", idempotency_key=key + "d")) for _ in range(2)]
    assert declined[0].error.payment_intent["id"] == declined[1].error.payment_intent["id"]
    return "one intent; a decline repeats too"


@shown("idempotency: other parameters")
def _():
    key = str(uuid.uuid4())
    intent(idempotency_key=key)
    error = raises(stripe.IdempotencyError, lambda: intent(amount=1, idempotency_key=key))
    return f"{error.http_status} {type(error).__name__}"


@shown("a lost answer: the library repeats, one charge")
def _():
    stripe.max_network_retries = 2
    order = str(uuid.uuid4())
    control("/sim/faults", {"failNext": {"drop": True, "afterEffect": True, "path": "/v1/payment_intents"}})
    made = intent(metadata={"order_id": order})
    ledger = [row for row in control("/sim/ledger")["intents"] if row["orderId"] == order]
    assert made.status == "succeeded" and len(ledger) == 1 and ledger[0]["captured"] == 5998
    stripe.max_network_retries = 0
    return f"{made.status}, {len(ledger)} charge"


@shown("429, 500, wrong key, unknown id, bad parameters")
def _():
    control("/sim/faults", {"failNext": {"status": 429}})
    limited = raises(stripe.RateLimitError, intent)
    control("/sim/faults", {"failNext": {"status": 500}})
    failed = raises(stripe.APIError, intent)
    denied = raises(stripe.AuthenticationError, lambda: stripe.PaymentIntent.retrieve("pi_x", api_key="sk_test_no"))
    missing = raises(stripe.InvalidRequestError, lambda: stripe.PaymentIntent.retrieve("pi_none"))
    assert missing.code == "resource_missing" and missing.http_status == 404
    small = raises(stripe.InvalidRequestError, lambda: intent(amount=1))
    assert small.code == "amount_too_small" and small.param == "amount"
    unknown = raises(stripe.InvalidRequestError, lambda: intent(colour="red"))
    assert unknown.code == "parameter_unknown"
    return " ".join(str(error.http_status) for error in (limited, failed, denied, missing, small, unknown))


@shown("currencies without and with three decimals")
def _():
    yen = stripe.PaymentIntent.create(amount=500, currency="jpy", payment_method="pm_card_visa", confirm=True,
                                      return_url="https://shop.test")
    dinar = stripe.PaymentIntent.create(amount=5120, currency="kwd", payment_method="pm_card_visa", confirm=True,
                                        return_url="https://shop.test")
    assert yen.status == dinar.status == "succeeded"
    error = raises(stripe.InvalidRequestError, lambda: stripe.PaymentIntent.create(amount=5125, currency="kwd"))
    return f"jpy 500, kwd 5120; kwd 5125: {error.http_status}"


@shown("auto pagination, both ways, and search")
def _():
    customer = "cus_" + uuid.uuid4().hex
    made = [intent(confirm=False, customer=customer, metadata={"run": customer}).id for _ in range(7)]
    pages = stripe.PaymentIntent.list(customer=customer, limit=3)
    assert [each.id for each in pages.auto_paging_iter()] == made[::-1] and pages.has_more
    back = stripe.PaymentIntent.list(customer=customer, limit=3, ending_before=made[0])
    assert [each.id for each in back.auto_paging_iter()] == made[1:]
    found = stripe.PaymentIntent.search(query=f"metadata['run']:'{customer}'", limit=3)
    assert sorted(each.id for each in found.auto_paging_iter()) == sorted(made)
    return f"{len(made)} in pages of 3"


@shown("events: list and retrieve")
def _():
    made = intent()
    event = next(each for each in stripe.Event.list(type="payment_intent.succeeded", limit=5)
                 if each.data.object.id == made.id)
    assert stripe.Event.retrieve(event.id).data.object.status == "succeeded"
    return event.type


@shown("a webhook that is really delivered, and its signature")
def _():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    before = control("/sim/webhooks")["url"]
    control("/sim/webhooks", {"url": f"http://127.0.0.1:{server.server_port}/"})
    try:
        made = intent()
        while True:
            body, signature = deliveries.get(timeout=10)
            event = stripe.Webhook.construct_event(body, signature, secret)
            if event.type == "payment_intent.succeeded" and event.data.object.id == made.id:
                break
        wrong = lambda *given: raises(
            stripe.SignatureVerificationError, lambda: stripe.Webhook.construct_event(*given))
        wrong(body + b" ", signature, secret), wrong(body, signature, "whsec_other"), wrong(body, "t=1,v1=0", secret)
    finally:
        control("/sim/webhooks", {"url": before})
        server.shutdown()
    return f"{event.type}: accepted; edited, other secret, old: refused"


print(f"\nstripe-python {stripe.VERSION}: {len(rows)} checks passed")
