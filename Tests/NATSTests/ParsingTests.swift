import Testing

@testable import NATS

@Suite("Reading what NATS sends")
struct ParsingTests {
    private func block<T>(_ text: String, _ body: (HeaderBlock?) throws -> T) rethrows -> T {
        try Array(text.utf8).withUnsafeBytes { try body(HeaderBlock($0)) }
    }

    @Test("header values come without the spaces around them")
    func headerValues() {
        block("NATS/1.0\r\nA: 1\r\nLong-Name:  two words \r\nA: 3\r\nempty:\r\n\r\n") { block in
            #expect(block?.status == nil)
            #expect(block?.value(of: "A") == "1")
            #expect(block?.value(of: "Long-Name") == "two words")
            #expect(block?.value(of: "a") == nil)
            #expect(block?.value(of: "Long") == nil)
            #expect(block?.value(of: "empty") == "")
            #expect(block?.fields.map(\.name) == ["A", "Long-Name", "A", "empty"])
        }
    }

    @Test("an empty value does not swallow the header below it")
    func emptyValue() {
        block("NATS/1.0\r\nX-Foo:\r\nFlotilla-Actor: customer:1\r\n\r\n") { block in
            #expect(block?.value(of: "X-Foo") == "")
            #expect(block?.value(of: "Flotilla-Actor") == "customer:1")
        }
    }

    @Test("a block that libnats has gone through reads the same")
    func afterLibrary() {
        block("NATS/1.0\0\nX-Foo\0\r\nFlotilla-Actor\0 customer:1\0\nB\0 a b\0 \r\n\r\n") { block in
            #expect(block?.value(of: "X-Foo") == "")
            #expect(block?.value(of: "Flotilla-Actor") == "customer:1")
            #expect(block?.value(of: "B") == "a b")
            #expect(block?.fields.count == 3)
        }
    }

    @Test("status and description are on the first line")
    func status() {
        block("NATS/1.0 503\r\n\r\n") { #expect($0?.status == 503 && $0?.statusDescription == nil) }
        block("NATS/1.0 409 Consumer Deleted\r\n\r\n") {
            #expect($0?.status == 409 && $0?.statusDescription == "Consumer Deleted")
        }
        block("NATS/1.0\0503\0\n") { #expect($0?.status == nil) }
        block("HTTP/1.0 200 OK\r\n\r\n") { #expect($0 == nil) }
        block("NATS/1.0") { #expect($0 == nil) }
    }

    @Test("broken blocks read as something, and never beyond their end")
    func brokenBlocks() {
        for text in [
            "NATS/1.0\r\n", "NATS/1.0\r\nA", "NATS/1.0\r\nA:", "NATS/1.0\r\n:x\r\n", "NATS/1.0   \r\n\r\n\r\n",
        ] {
            block(text) { block in
                _ = block?.fields
                _ = block?.value(of: "A")
                _ = block?.status
            }
        }
    }

    @Test("an ack subject tells deliveries, sequences, time and lag in both forms")
    func ackSubjects() {
        let expected = "3 17 4 1732000000000000001 9"
        for subject in [
            "$JS.ACK.ORDER_EVENTS.mail.3.17.4.1732000000000000001.9",
            "$JS.ACK.hub.Ab12.ORDER_EVENTS.mail.3.17.4.1732000000000000001.9",
            "$JS.ACK._.Ab12.ORDER_EVENTS.mail.3.17.4.1732000000000000001.9.tok",
        ] {
            let ack = AckSubject(subject)
            #expect(
                ack.map {
                    "\($0.deliveries) \($0.streamSequence) \($0.consumerSequence) \($0.timestamp_ns) \($0.pending)"
                }
                    == expected)
        }
        for subject in ["", "$JS.ACK.", "$JS.ACK.S.C.1.2.3.4", "$JS.ACK.S.C.1.2.x.4.5", "_INBOX.a.b.1.2.3.4.5.6"] {
            #expect(AckSubject(subject) == nil)
        }
    }

    @Test("acknowledgements of JetStream are read in their short and long forms")
    func pubAcks() throws {
        func read(_ text: String) throws -> PubAck {
            try Array(text.utf8).withUnsafeBytes { bytes in try PubAck(reading: bytes) }
        }
        let plain = PubAck(stream: "S", sequence: 12, isDuplicate: false)
        #expect(try read(#"{"stream":"S", "seq":12}"#) == plain)
        #expect(try read(#"{"stream":"S","seq":12}"#) == plain)
        #expect(try read(#"{"stream":"S","domain":"hub","seq":12}"#) == plain)
        #expect(try read(#"{"seq":12,"stream":"S"}"#) == plain)
        #expect(
            try read(#"{"stream":"S","seq":12,"duplicate":true}"#)
                == PubAck(stream: "S", sequence: 12, isDuplicate: true))
        #expect(throws: NATSError.self) { try read("{}") }
        #expect(throws: NATSError.self) { try read("") }
        #expect(throws: NATSError.self) { try read(#"{"stream":"S", "seq":99999999999999999999999}"#) }
        #expect {
            try read(
                #"{"error":{"code":400,"err_code":10071,"description":"wrong last sequence: 5"},"stream":"S","seq":0}"#)
        } throws: {
            ($0 as? NATSError)?.code == .jetStream(code: 400, errorCode: 10_071)
        }
    }
}
