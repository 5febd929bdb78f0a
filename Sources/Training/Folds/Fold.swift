import Autodiff

/// A stretch of a plan that is one line where it is folded: a phase, a layer, a time step, a head;
/// or a single instruction under its title, as a gate of a time step.
package struct Fold: Hashable, Sendable {
  package let phase: Phase
  /// Its scopes, outermost first, and the title where it is a single instruction; empty for a phase.
  package let path: [String]
  /// The instructions in it.
  package let range: Range<Int>
  /// Whether it is an instruction under its title, so that it cannot be opened.
  package let isInstruction: Bool

  package init(phase: Phase, path: [String], range: Range<Int>, isInstruction: Bool) {
    self.phase = phase
    self.path = path
    self.range = range
    self.isInstruction = isInstruction
  }

  /// As listings write it: `lstm › t = 5`.
  package var name: String { path.isEmpty ? phase.rawValue : path.joined(separator: " › ") }

  /// As one types it: `lstm/t=5`.
  package var address: String {
    path.isEmpty ? phase.rawValue : path.map(FoldAddress.typed).joined(separator: "/")
  }

  /// Where listings fold it.
  package var foldPath: FoldPath { FoldPath(phase: phase, scopes: path) }
}

extension Plan {
  /// Every fold, in the order of their beginnings, outer before inner, with each instruction's own
  /// place at the end of its folds.
  ///
  /// A layer that is used twice has two folds of one path.
  package var folds: [Fold] {
    var folds: [Fold] = []
    for phase in Phase.allCases where !range(of: phase).isEmpty {
      folds.append(Fold(phase: phase, path: [], range: range(of: phase), isInstruction: false))
    }
    var open: [String] = []
    var phase: Phase?
    for (i, instruction) in instructions.enumerated() {
      if instruction.phase != phase { open = [] }
      phase = instruction.phase
      let kept = zip(open, instruction.scopes).prefix { $0 == $1 }.count
      for depth in kept..<max(kept, instruction.scopes.count) {
        let path = Array(instruction.scopes[...depth])
        let end =
          instructions[i...].firstIndex {
            $0.phase != instruction.phase || !$0.scopes.starts(with: path)
          } ?? instructions.count
        folds.append(
          Fold(phase: instruction.phase, path: path, range: i..<end, isInstruction: false))
      }
      open = instruction.scopes
      folds.append(
        Fold(
          phase: instruction.phase, path: instruction.scopes + [instruction.title],
          range: i..<i + 1, isInstruction: true))
    }
    return folds
  }

  /// The innermost fold around an instruction that is more than the instruction itself.
  package func innermostFold(around instruction: Int) -> Fold? {
    folds.last { !$0.isInstruction && $0.range.contains(instruction) && !$0.path.isEmpty }
      ?? folds.first { $0.range.contains(instruction) }
  }

  /// What can be typed for a fold, each once, in the order of the plan: what completion offers.
  package var foldAddresses: [String] {
    var seen: Set<String> = []
    return folds.map(\.address).filter { seen.insert($0).inserted }
  }
}

extension Listing {
  /// The fold that is one line and ends where so many instructions are done.
  package func closedFold(endingAt done: Int, in plan: Plan) -> Fold? {
    guard let line = lines.first(where: { $0.range.upperBound == done }), let scopes = line.fold,
      line.range.count > 1
    else { return nil }
    return Fold(
      phase: plan.instructions[line.range.lowerBound].phase, path: scopes, range: line.range,
      isInstruction: false)
  }
}
