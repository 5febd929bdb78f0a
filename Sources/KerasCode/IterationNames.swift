/// `import itertools`, `import functools`, `import tqdm`.
enum IterationNames {
  static func itertools() -> Namespace {
    let module = Namespace("itertools")
    module.add(
      NativeFunction("count(start=0, step=1)") { call in
        var value = call["start"]
        let place = call.evaluator.callPlace
        return .object(
          NativeIterator("count") { evaluator in
            let now = value
            value = try evaluator.operate(value, "+", call["step"], at: place)
            return now
          })
      })
    module.add(
      NativeFunction("cycle(items)") { call in
        let items = try Builtins.items(call, "items")
        var i = 0
        return .object(
          NativeIterator("cycle") { _ in
            guard !items.isEmpty else { return nil }
            defer { i = (i + 1) % items.count }
            return items[i]
          })
      })
    module.add(
      NativeFunction("repeat(item, times=None)") { call in
        var left = try call.optionalInteger("times") ?? Int.max
        return .object(
          NativeIterator("repeat") { _ in
            guard left > 0 else { return nil }
            left -= 1
            return call["item"]
          })
      })
    let chain = NativeFunction("chain(*all)") { call in
      var waiting = call.rest[...]
      var current: (any ProgramIterator)?
      let place = call.evaluator.callPlace
      return .object(
        NativeIterator("chain") { evaluator in
          while true {
            if let item = try current?.next(evaluator) { return item }
            guard let next = waiting.popFirst() else { return nil }
            current = try evaluator.iterator(over: next, at: place)
          }
        })
    }
    module.add(chain)
    module.add(NativeFunction("islice(items, *ends)", slice))
    for name in ["product", "permutations", "combinations"] {
      module.add(
        NativeFunction(
          name == "product" ? "product(*all, repeat=1)" : "\(name)(items, r=None)"
        ) { try arranged(name, $0) })
    }
    module.add(NativeFunction("accumulate(items, function=None)", accumulated))
    return module
  }

  private static func slice(_ call: BoundCall) throws -> PythonValue {
    let ends = call.rest.map { $0.isNone ? nil : $0.wholeNumber }
    let start = ends.count > 1 ? (ends[0] ?? 0) : 0
    let stop = (ends.count > 1 ? ends[1] : ends.first ?? nil) ?? Int.max
    let step = ends.count > 2 ? max(1, ends[2] ?? 1) : 1
    let source = try call.evaluator.iterator(over: call["items"], at: call.evaluator.callPlace)
    var i = 0
    return .object(
      NativeIterator("islice") { evaluator in
        while i < stop, let item = try source.next(evaluator) {
          defer { i += 1 }
          if i >= start && (i - start) % step == 0 { return item }
        }
        return nil
      })
  }

  /// All choices of positions, in Python's order, as a list.
  private static func arranged(_ name: String, _ call: BoundCall) throws -> PythonValue {
    var pools: [[PythonValue]]
    if name == "product" {
      pools = try call.rest.map { try Builtins.items($0, call) }
      pools = Array(repeating: pools, count: try call.integer("repeat", in: 0...20)).flatMap { $0 }
    } else {
      let items = try Builtins.items(call, "items")
      let r = try call.optionalInteger("r", in: 0...20) ?? items.count
      guard r <= 20 else { throw call.unsuitable("items", wanted: "at most 20 items") }
      pools = Array(repeating: items, count: r)
    }
    var rows: [[Int]] = [[]]
    for pool in pools {
      var longer: [[Int]] = []
      for row in rows {
        for i in pool.indices {
          if name == "permutations" && row.contains(i) { continue }
          if name == "combinations", let last = row.last, i <= last { continue }
          longer.append(row + [i])
          try call.evaluator.spend(1)
          guard longer.count <= 1_000_000 else {
            throw Complaint("\(name)() of more than a million rows", as: .final)
          }
        }
      }
      rows = longer
    }
    return try call.evaluator.list(
      rows.map { row in
        try call.evaluator.tuple(zip(pools, row).map { $0[$1] })
      })
  }

  private static func accumulated(_ call: BoundCall) throws -> PythonValue {
    let place = call.evaluator.callPlace
    let source = try call.evaluator.iterator(over: call["items"], at: place)
    var total: PythonValue?
    return .object(
      NativeIterator("accumulate") { evaluator in
        guard let item = try source.next(evaluator) else { return nil }
        if let sum = total {
          total =
            call["function"].isNone
            ? try evaluator.operate(sum, "+", item, at: place)
            : try evaluator.invoke(call["function"], [sum, item])
        } else {
          total = item
        }
        return total
      })
  }

  static func functools() -> Namespace {
    let module = Namespace("functools")
    module.add(
      NativeFunction("reduce(function, items, initial='<none>')") { call in
        var total: PythonValue? = call["initial"].string == "<none>" ? nil : call["initial"]
        try call.evaluator.iterate(call["items"], at: call.evaluator.callPlace) { item in
          total = try total.map { try call.evaluator.invoke(call["function"], [$0, item]) } ?? item
          return true
        }
        guard let total else {
          throw Complaint(
            "reduce() of nothing", remedy: "give a third argument to begin with",
            as: .raised("TypeError", "reduce() of empty iterable with no initial value"))
        }
        return total
      })
    module.add(
      "partial",
      .object(
        RawFunction("partial") { arguments, evaluator in
          guard let function = arguments.positional.first else {
            throw Complaint("partial() needs a function")
          }
          return .object(
            RawFunction("partial") { more, evaluator in
              var all = CallArguments(positional: Array(arguments.positional.dropFirst()))
              all.positional += more.positional
              let given = Set(more.keywords.map(\.name))
              all.keywords = arguments.keywords.filter { !given.contains($0.name) } + more.keywords
              return try evaluator.invoke(function, all)
            })
        }))
    // What these add to a function, speed or a name, changes nothing that a program computes.
    let same = NativeFunction("cache(function)") { $0["function"] }
    module.add("cache", .object(same))
    module.add(
      "cached_property",
      .object(
        NativeFunction("cached_property(function)") {
          .object(PropertyObject($0["function"]))
        }))
    module.add(
      NativeFunction("lru_cache(maxsize=None, typed=False)") { call in
        if case .object(let function as FunctionObject) = call["maxsize"] {
          return .object(function)
        }
        return .object(same)
      })
    module.add(NativeFunction("wraps(function)") { _ in .object(same) })
    return module
  }

  /// `tqdm(items)`: the items, without the bar.
  static func tqdm() -> Namespace {
    let module = Namespace("tqdm")
    for name in ["tqdm", "trange"] {
      module.add(
        NativeFunction("\(name)(items, **options)") { call in
          guard name == "trange" else { return call["items"] }
          return .object(IntervalObject(start: 0, end: try call.integer("items"), step: 1))
        })
    }
    return module
  }
}
