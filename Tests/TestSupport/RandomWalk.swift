import Foundation
import Tensors
import Training

/// A walk at random through a run and its what-ifs, held to new runs that go straight to where it is.
package struct RandomWalk {
  package let session: Session
  private let random: CounterRandom
  private var drawn = 0

  package init(_ session: Session, seed: UInt64, name: String) {
    self.session = session
    random = CounterRandom(seed: seed, name: name)
  }

  /// So many moves as a test of every day takes, 10,000 with BACKSTEP_LONG=1.
  package static func moves(usually count: Int) -> Int {
    ProcessInfo.processInfo.environment["BACKSTEP_LONG"] == "1" ? 10_000 : count
  }

  /// A number below another.
  package mutating func draw(_ count: Int) -> Int {
    drawn += 1
    return Int(random.uniform(at: drawn) * Double(count))
  }

  /// Moves by a unit, in either direction.
  package mutating func move(by units: [MoveUnit]) -> String {
    let unit = units[draw(units.count)]
    let count = draw(2) == 0 ? -draw(4) - 1 : draw(4) + 1
    session.move(unit == .epoch ? count.signum() : count, by: unit)
    return "\(count) \(unit)"
  }

  /// Begins the step that it stands before now and then, as `goto step` does: the moment is the same.
  package mutating func stand() {
    if draw(4) == 0 { session.begin() }
  }

  /// Takes so many moves and looks at every tenth moment.
  ///
  /// - Parameters:
  ///   - go: one move; says which.
  ///   - straight: a new run in which the same is set by hand, at the same moment.
  /// - Returns: the moments whose bytes differ; it ends at the tenth.
  package mutating func differences(
    moves: Int, go: (inout RandomWalk) throws -> String, straight: (Session) throws -> Session
  ) throws -> [String] {
    var found: [String] = []
    for i in 0..<moves where found.count < 10 {
      let what = try go(&self)
      stand()
      guard i % 10 == 9, try straight(session).digest != session.digest else { continue }
      found.append("move \(i) \(what) to \(session.position) of branch \(session.currentBranch)")
    }
    return found
  }
}
