import Foundation
import Testing

@testable import Worker

@Suite("A batch of the inbox")
struct InboxBatchTests {
    private let one = UUID()
    private let other = UUID()

    @Test("applies the versions of an aggregate in order, however they came")
    func order() {
        let batch = InboxBatch([(one, 3), (one, 1), (one, 2)], cursors: [:])
        #expect(batch.applicable == [1, 2, 0])
        #expect(batch.moved == [one: 3])
    }

    @Test("calls a version at or below the cursor a duplicate, also one that comes twice in the batch")
    func duplicates() {
        let batch = InboxBatch([(one, 5), (one, 6), (one, 6), (one, 4)], cursors: [one: 5])
        #expect(batch.applicable == [1])
        #expect(Set(batch.duplicates) == [0, 2, 3])
        #expect(batch.moved == [one: 6])
    }

    @Test("lets what lies beyond a gap wait, and other aggregates go on")
    func gaps() {
        let batch = InboxBatch([(one, 2), (one, 3), (other, 1)], cursors: [:])
        #expect(batch.applicable == [2])
        #expect(batch.early == [0, 1])
        #expect(batch.moved == [other: 1])
    }
}
