import Autodiff

/// A moment of a run: how many steps were done, how many passes of the next one, and how many
/// instructions of the next pass. A step of one network is one pass.
package struct Position: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
  package let step: Int
  package let pass: Int
  package let instruction: Int

  package init(step: Int, pass: Int = 0, instruction: Int = 0) {
    self.step = step
    self.pass = pass
    self.instruction = instruction
  }

  package static func < (a: Position, b: Position) -> Bool {
    (a.step, a.pass, a.instruction) < (b.step, b.pass, b.instruction)
  }

  package var description: String {
    "step \(step), " + (pass > 0 ? "pass \(pass), " : "") + "instruction \(instruction)"
  }
}

/// How far one move goes.
package enum MoveUnit: String, CaseIterable, Hashable, Sendable {
  /// What the listing shows as one line: a closed fold is one.
  case line
  case instruction, layer, phase
  /// The training of one network on one batch; of a run with one network it is a step.
  case pass
  case step, epoch
}

/// The lines of a plan as a student sees them: instructions, some of them folded together.
package struct Listing: Hashable, Sendable {
  package struct Line: Hashable, Sendable {
    /// The instructions it stands for.
    package let range: Range<Int>
    /// The scopes that are folded into it, nil for a single instruction.
    package let fold: [String]?
    package let depth: Int
  }

  package let lines: [Line]

  /// - Parameter opens: whether a fold (a path of scopes within a phase) is open.
  package init(_ plan: Plan, opens: (Phase, [String]) -> Bool) {
    var lines: [Line] = []
    var i = 0
    while i < plan.instructions.count {
      let instruction = plan.instructions[i]
      let closed = instruction.scopes.indices.map { Array(instruction.scopes[...$0]) }
        .first { !opens(instruction.phase, $0) }
      guard let closed else {
        lines.append(Line(range: i..<i + 1, fold: nil, depth: instruction.scopes.count))
        i += 1
        continue
      }
      let end =
        plan.instructions[i...].firstIndex {
          $0.phase != instruction.phase || !$0.scopes.starts(with: closed)
        } ?? plan.instructions.count
      lines.append(Line(range: i..<end, fold: closed, depth: closed.count - 1))
      i = end
    }
    self.lines = lines
  }

  /// Layers open, time steps within them closed: what one sees at first.
  package static func standard(_ plan: Plan) -> Listing {
    Listing(plan) { _, path in path.count == 1 }
  }

  /// The line of an instruction.
  package func line(of instruction: Int) -> Int {
    lines.firstIndex { $0.range.contains(instruction) } ?? max(lines.count - 1, 0)
  }
}

extension Plan {
  /// Where moves of a unit may stop within a step, from 0 to the number of instructions.
  package func stops(_ unit: MoveUnit, listing: Listing) -> [Int] {
    let end = instructions.count
    switch unit {
    case .line: return [0] + listing.lines.map(\.range.upperBound)
    case .instruction: return Array(0...end)
    case .layer: return boundaries { $0.phase != $1.phase || $0.layer != $1.layer }
    case .phase: return boundaries { $0.phase != $1.phase }
    case .pass, .step, .epoch: return [0, end]
    }
  }

  private func boundaries(_ differ: (Instruction, Instruction) -> Bool) -> [Int] {
    let inner = (1..<max(instructions.count, 1)).filter {
      differ(instructions[$0 - 1], instructions[$0])
    }
    return [0] + inner + [instructions.count]
  }
}
