// Functions that give one value after the other.

enum LazyBuiltins {
  static var functions: [NativeFunction] {
    [
      NativeFunction("iter(items)") { call in
        .object(
          try call.evaluator.iterator(over: call["items"], at: call.evaluator.callPlace))
      },
      NativeFunction("next(iterator, default='<none>')") { call in
        guard case .object(let iterator as any ProgramIterator) = call["iterator"] else {
          throw Complaint(
            "\(call["iterator"].described) gives no next value",
            remedy: "make an iterator of it: iter(…)", at: .argument(0),
            as: .raised("TypeError", "'\(call["iterator"].typeName)' object is not an iterator"))
        }
        let standard = call["default"].string == "<none>" ? nil : call["default"]
        return try Builtins.next(iterator, standard, call.evaluator)
      },
      NativeFunction("enumerate(items, start=0)", enumerated),
      NativeFunction("zip(*all, strict=False)", zipped),
      NativeFunction("map(function, *all)", mapped),
      NativeFunction("filter(function, items)", filtered),
      NativeFunction("reversed(items)", reversed),
    ]
  }

  private static func enumerated(_ call: BoundCall) throws -> PythonValue {
    var i = try call.integer("start", in: -1_000_000_000_000...1_000_000_000_000)
    let source = try call.evaluator.iterator(over: call["items"], at: call.evaluator.callPlace)
    return .object(
      NativeIterator("enumerate") { evaluator in
        guard let item = try source.next(evaluator) else { return nil }
        defer { i += 1 }
        return try evaluator.tuple([.integer(i), item])
      })
  }

  static func sources(_ values: [PythonValue], _ call: BoundCall) throws -> [any ProgramIterator] {
    try values.map { try call.evaluator.iterator(over: $0, at: call.evaluator.callPlace) }
  }

  /// One item of each; nil when one of them is at its end.
  static func row(
    _ sources: [any ProgramIterator], _ evaluator: Evaluator
  ) throws
    -> [PythonValue]?
  {
    guard !sources.isEmpty else { return nil }
    var row: [PythonValue] = []
    for source in sources {
      guard let item = try source.next(evaluator) else { return nil }
      row.append(item)
    }
    return row
  }

  private static func zipped(_ call: BoundCall) throws -> PythonValue {
    let sources = try sources(call.rest, call)
    return .object(
      NativeIterator("zip") { evaluator in
        try row(sources, evaluator).map { try evaluator.tuple($0) }
      })
  }

  private static func mapped(_ call: BoundCall) throws -> PythonValue {
    guard case .object(let function as any Callable) = call["function"] else {
      throw call.unsuitable("function", wanted: "a function")
    }
    let sources = try sources(call.rest, call)
    return .object(
      NativeIterator("map") { evaluator in
        try row(sources, evaluator).map {
          try function.call(CallArguments(positional: $0), evaluator)
        }
      })
  }

  private static func filtered(_ call: BoundCall) throws -> PythonValue {
    let function = call["function"]
    let place = call.evaluator.callPlace
    let source = try call.evaluator.iterator(over: call["items"], at: place)
    return .object(
      NativeIterator("filter") { evaluator in
        while let item = try source.next(evaluator) {
          let answer = function.isNone ? item : try evaluator.invoke(function, [item])
          if try evaluator.isTrue(answer, at: place) { return item }
        }
        return nil
      })
  }

  private static func reversed(_ call: BoundCall) throws -> PythonValue {
    if case .object(let interval as IntervalObject) = call["items"], interval.count > 0 {
      let last = interval.start + (interval.count - 1) * interval.step
      var i = 0
      return .object(
        NativeIterator("range_iterator") { _ in
          defer { i += 1 }
          return i < interval.count ? .integer(last - i * interval.step) : nil
        })
    }
    if case .object(let instance as InstanceObject) = call["items"],
      let made = try call.evaluator.method("__reversed__", of: instance, [])
    {
      return .object(try call.evaluator.iterator(over: made, at: call.evaluator.callPlace))
    }
    var items = try Builtins.items(call, "items")
    return .object(NativeIterator("list_reverseiterator") { _ in items.popLast() })
  }
}

extension Builtins {
  /// The next value of an iterator, or what stands for its end.
  static func next(
    _ iterator: any ProgramIterator, _ standard: PythonValue?, _ evaluator: Evaluator
  ) throws -> PythonValue {
    if let value = try iterator.next(evaluator) { return value }
    if let standard { return standard }
    throw Complaint(
      "there is no next value", remedy: "give next() a second argument for the end",
      as: .raised("StopIteration", ""))
  }
}
