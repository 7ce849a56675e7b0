/// What somebody does to the shop, with how often it is done.
enum SoakOperation: String, CaseIterable {
    case order, pay, payAgain = "pay again", cancel, address, ship, deliver, refund, read, restock, adjust, price

    private var weight: Int {
        switch self {
        case .order: 24
        case .pay: 28
        case .payAgain: 4
        case .cancel: 7
        case .address: 4
        case .ship: 7
        case .deliver: 5
        case .refund: 5
        case .read: 8
        case .restock: 3
        case .adjust: 3
        case .price: 2
        }
    }

    private static let deck = allCases.flatMap { Array(repeating: $0, count: $0.weight) }

    static func random(using random: inout SeededRandom) -> SoakOperation {
        deck.randomElement(using: &random) ?? .read
    }
}
