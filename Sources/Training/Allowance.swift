/// How long a run may work on what was asked of it: whoever drives it has the clock. What nobody
/// vouches for, as the set-up of a lesson, has one; it stops where it is when that is spent.
package final class Allowance {
  private let mayGoOn: () -> Bool
  /// Whether something was stopped.
  package private(set) var isSpent = false

  /// - Parameter mayGoOn: asked before each step that is trained.
  package init(_ mayGoOn: @escaping () -> Bool) { self.mayGoOn = mayGoOn }

  /// Whether there is time for one step more.
  func grants() -> Bool {
    if !isSpent, !mayGoOn() { isSpent = true }
    return !isSpent
  }
}

extension Session {
  /// Whether the run may train one step more.
  var mayGoOn: Bool { allowance?.grants() ?? true }
}

extension Lab {
  /// Does something within an allowance.
  /// - Throws: what it throws, or `RunFailure` when it was stopped: where the run stands then.
  package func within<T>(_ allowance: Allowance, _ body: () throws -> T) throws -> T {
    let before = self.allowance
    self.allowance = allowance
    defer { self.allowance = before }
    let result = try body()
    guard !allowance.isSpent else {
      throw RunFailure(
        "it takes too long and stopped at step \(session?.position.step ?? 0)",
        remedy: "fewer steps, or a smaller network")
    }
    return result
  }
}
