import FoundationEssentials
import LocalServers

@testable import Notifications

/// The templates of the repository.
enum ShippedTemplates {
    static func directory() throws -> String { "\(try Home.find())/templates" }

    static func load() throws -> Templates { try Templates(directory: try directory()) }
}
