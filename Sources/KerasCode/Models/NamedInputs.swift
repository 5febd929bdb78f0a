import NeuralNets

// Inputs that a program gives in a dict, and outputs that come in one.

extension ModelHandle {
  /// What a dict holds for each input: under the key that the model was made with, else under the
  /// name of the input.
  func inputs(in table: DictionaryObject, at anchor: Complaint.Anchor) throws -> [PythonValue] {
    let keys = inputKeys ?? inputNames
    return try keys.map { key in
      guard let found = table.value(.text(key)) else {
        throw Complaint(
          "there is nothing for the input \(PythonFormat.quoted(key, "\""))",
          remedy: "its inputs are \(keys.joined(separator: ", "))", at: anchor)
      }
      return found
    }
  }

  /// A call of a model between tensors, with a dict of inputs as the list of them.
  func listing(_ arguments: CallArguments, _ evaluator: Evaluator) throws -> CallArguments {
    guard isFunctional else { return arguments }
    var listed = arguments
    func list(_ value: PythonValue, _ anchor: Complaint.Anchor) throws -> PythonValue {
      guard case .dictionary(let table) = value else { return value }
      let all = try inputs(in: table, at: anchor)
      return all.count == 1 ? all[0] : try evaluator.list(all)
    }
    if let first = arguments.positional.first {
      listed.positional[0] = try list(first, .argument(0))
    }
    if let i = arguments.keywords.firstIndex(where: { $0.name == "inputs" }) {
      listed.keywords[i].value = try list(arguments.keywords[i].value, .keyword("inputs"))
    }
    return listed
  }
}
