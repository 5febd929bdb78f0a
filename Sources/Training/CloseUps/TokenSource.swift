import Autodiff
import Tensors

extension Plan {
  /// The batch that comes in which a value is made of on the shortest way, among those with so many
  /// places an example; nil when there is none.
  func source(of value: Value, length: Int) -> Value? {
    let inputs = inputs.filter { $0.shape.rank == 2 && $0.shape[1] == length }
    guard !inputs.isEmpty else { return nil }
    var seen: Set<Int> = [value.id]
    var level = [value.id]
    while !level.isEmpty {
      if let found = inputs.first(where: { level.contains($0.id) }) { return found }
      var next: [Int] = []
      for id in level {
        var before =
          values[id].writers.map { writers in
            instructions[writers].flatMap { $0.operands.map(\.id) }
          } ?? []
        if let parent = values[id].parent { before.append(parent) }
        for other in before where seen.insert(other).inserted { next.append(other) }
      }
      level = next
    }
    return nil
  }
}

extension Execution {
  /// The numbers that came in for the places of an example, where they are whole ones: tokens. Of
  /// the first input, for what others mean by their numbers nobody says.
  func tokens(behind value: Value?, length: Int, example: Int) -> [Float]? {
    guard let value, let source = plan.source(of: value, length: length),
      source == plan.inputs.first
    else { return nil }
    let tokens = (0..<length).map { number(source, at: example * length + $0) }
    return tokens.allSatisfy { $0 >= 0 && $0 == $0.rounded() } ? tokens : nil
  }
}
