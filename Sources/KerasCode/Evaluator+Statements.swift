// Statements.

extension Evaluator {
  func execute(_ statements: [Statement]) throws -> Flow {
    for statement in statements {
      let flow = try execute(statement)
      if case .next = flow { continue }
      return flow
    }
    return .next
  }

  func execute(_ statement: Statement) throws -> Flow {
    try within(statement.range) { try dispatch(statement) }
  }

  private func dispatch(_ statement: Statement) throws -> Flow {
    switch statement.kind {
    case .conditional, .forLoop, .whileLoop: return try executeBlock(statement)
    case .attempt(let attempt): return try execute(attempt)
    case .with(let contexts, let body): return try with(contexts, body)
    case .give(let value): return .give(try value.map(evaluate) ?? .none)
    case .leave: return .leave
    case .skip: return .skip
    default:
      try executeSimple(statement)
      return .next
    }
  }

  private func executeSimple(_ statement: Statement) throws {
    switch statement.kind {
    case .importModules(let modules): try importModules(modules)
    case .importNames(let path, let names): try importNames(path, names, at: statement.range)
    case .assign(let targets, let expression):
      let value = try evaluate(expression)
      for target in targets { try assign(value, to: target) }
    case .augmented(let target, let mark, let expression):
      try augment(target, mark, expression, at: statement.range)
    case .expression(let expression): _ = try evaluate(expression)
    case .annotated(let target, _, let value): try annotate(target, value)
    case .function(let definition): try define(definition, at: statement.range)
    case .classDefinition(let name, let bases, let body, let decorators):
      try defineClass(name, bases, body, decorators, at: statement.range)
    case .raise(let exception): throw try raise(exception, at: statement.range)
    case .global(let names): frame.globalNames.formUnion(names)
    case .nonlocal(let names): try declareNonlocal(names, at: statement.range)
    case .check(let test, let message): try check(test, message)
    case .delete(let targets): for target in targets { try delete(target) }
    case .unsupported(let what, let remedy):
      throw fault("\(what) not supported", remedy: remedy, at: statement.range)
    default: break
    }
  }

  private func executeBlock(_ statement: Statement) throws -> Flow {
    switch statement.kind {
    case .conditional(let branches, let otherwise):
      for branch in branches where try truth(branch.test) { return try execute(branch.body) }
      return try execute(otherwise)
    case .forLoop(let target, let iterable, let body, let otherwise):
      var flow = Flow.next
      let source = try evaluate(iterable)
      try iterate(source, at: iterable.range) { item in
        try assign(item, to: target)
        return try loopBody(body, &flow)
      }
      if case .leave = flow { return .next }
      if case .give = flow { return flow }
      return try execute(otherwise)
    case .whileLoop(let test, let body, let otherwise):
      var flow = Flow.next
      while try truth(test) { guard try loopBody(body, &flow) else { break } }
      if case .leave = flow { return .next }
      if case .give = flow { return flow }
      return try execute(otherwise)
    default: return .next
    }
  }

  /// Whether the loop goes on.
  private func loopBody(_ body: [Statement], _ flow: inout Flow) throws -> Bool {
    switch try execute(body) {
    case .next, .skip: return true
    case .leave: flow = .leave
    case .give(let value): flow = .give(value)
    }
    return false
  }

  private func annotate(_ target: Expression, _ value: Expression?) throws {
    if frame.role == .classBody, case .name(let name) = target.kind, !isGlobal {
      frame.annotated.append((name, value != nil))
    }
    if let value { try assign(try evaluate(value), to: target) }
  }

  private func declareNonlocal(_ names: [String], at range: Range<Int>) throws {
    for name in names {
      guard home(of: name, around: frame) != nil else {
        throw fault(
          "no function around this one has \"\(name)\"",
          remedy: "for a name at the top of the program write global \(name)", at: range)
      }
      frame.nonlocalNames.insert(name)
    }
  }

  private func check(_ test: Expression, _ message: Expression?) throws {
    guard try !truth(test) else { return }
    let text = try message.map { try evaluate($0).str }
    throw fault(
      "this was asserted and is false", remedy: text,
      as: .raised("AssertionError", text ?? ""), at: test.range)
  }

  // MARK: Assignment

  func assign(_ value: PythonValue, to target: Expression) throws {
    switch target.kind {
    case .name(let name): bind(name, value)
    case .tuple(let targets), .list(let targets): try unpack(value, targets, at: target.range)
    case .subscripted(let object, let index):
      let container = try evaluate(object)
      try store(value, in: container, index, at: target.range)
    case .attribute(let object, let name, let place):
      let owner = try evaluate(object)
      if case .object(let store as any AttributeStore) = owner,
        try within(place, { try store.assign(name, value, self) })
      {
        return
      }
      if case .object(is IgnoredObject) = owner { return }
      throw fault(
        "the attribute \"\(name)\" of \(owner.described) cannot be assigned",
        as: .raised("AttributeError", "can't set attribute '\(name)'"), at: place)
    default: throw fault("nothing can be assigned to this", at: target.range)
    }
  }

  private func unpack(_ value: PythonValue, _ targets: [Expression], at range: Range<Int>) throws {
    var items: [PythonValue] = []
    if case .object(let ignored as IgnoredObject) = value {
      items = targets.map { _ in .object(ignored) }
    } else {
      try iterate(value, at: range) {
        items.append($0)
        return true
      }
    }
    let star = targets.firstIndex { if case .starred = $0.kind { true } else { false } }
    guard let star else {
      guard items.count == targets.count else { throw miscount(items.count, targets.count, range) }
      for (target, item) in zip(targets, items) { try assign(item, to: target) }
      return
    }
    let after = targets.count - star - 1
    guard items.count >= targets.count - 1, case .starred(let inner) = targets[star].kind else {
      throw miscount(items.count, targets.count - 1, range)
    }
    for (target, item) in zip(targets.prefix(star), items) { try assign(item, to: target) }
    try assign(try list(Array(items.dropFirst(star).dropLast(after))), to: inner)
    for (target, item) in zip(targets.suffix(after), items.suffix(after)) {
      try assign(item, to: target)
    }
  }

  private func miscount(_ found: Int, _ wanted: Int, _ range: Range<Int>) -> Diagnostic {
    fault(
      "\(wanted) names get \(found) value\(found == 1 ? "" : "s")",
      remedy: "the right side must give exactly \(wanted)", at: range)
  }

  private func store(
    _ value: PythonValue, in container: PythonValue, _ index: Expression, at range: Range<Int>
  ) throws {
    switch container {
    case .list(let list):
      if case .slice = index.kind { return try storeSlice(value, in: list, index, at: range) }
      let i = try position(try evaluate(index), list.items.count, at: index.range)
      list.items[i] = value
    case .object(let store as any ItemStore):
      let place = try sliceValue(index)
      callPlace = range
      try within(range) { try store.store(value, at: place, self) }
    case .object(is IgnoredObject): break
    case .dictionary(let dictionary):
      dictionary.set(try key(try evaluate(index), at: index.range), value)
    case .array(let reference):
      try placing(at: range) { try store(value, in: reference, try arrayIndices(index)) }
    default:
      throw fault("\(container.described) does not take items", at: range)
    }
  }

  private func augment(
    _ target: Expression, _ mark: String, _ expression: Expression, at range: Range<Int>
  ) throws {
    let before = try evaluate(target)
    let right = try evaluate(expression)
    switch before {
    case .array(let reference) where reference.array.rank > 0:
      try placing(at: range) { try augment(reference, mark, right) }
    case .list(let list) where mark == "+":
      if case .list(let same) = right, same === list {
        list.items += list.items
        return
      }
      try iterate(right, at: expression.range) {
        guard list.items.count < 10_000_000 else {
          throw fault("a list of more than ten million items", as: .final, at: range)
        }
        list.items.append($0)
        return true
      }
    case .object(let instance as InstanceObject):
      let stems = ["+": "iadd", "-": "isub", "*": "imul", "/": "itruediv"]
      if let stem = stems[mark],
        let result = try within(range, { try method("__\(stem)__", of: instance, [right]) })
      {
        return try assign(result, to: target)
      }
      try assign(try operate(before, mark, right, at: range), to: target)
    default:
      try assign(try operate(before, mark, right, at: range), to: target)
    }
  }

  private func delete(_ target: Expression) throws {
    switch target.kind {
    case .name(let name): try unbind(name, at: target.range)
    case .subscripted(let object, let index):
      let container = try evaluate(object)
      if case .list(let list) = container, case .slice = index.kind {
        return try storeSlice(try self.list([]), in: list, index, at: target.range)
      }
      let place = try evaluate(index)
      if case .list(let list) = container {
        list.items.remove(at: try position(place, list.items.count, at: index.range))
      } else if case .dictionary(let dictionary) = container {
        guard dictionary.remove(try key(place, at: index.range)) != nil else {
          throw fault(
            "there is no key \(place.repr)", as: .raised("KeyError", place.repr), at: index.range)
        }
      } else if case .object(let store as any ItemStore) = container {
        try within(target.range) { try store.deleteItem(at: place, self) }
      } else {
        throw fault("items of \(container.described) cannot be deleted", at: target.range)
      }
    case .attribute(let object, let name, let place):
      guard case .object(let instance as InstanceObject) = try evaluate(object),
        instance.remove(name)
      else { throw fault("this attribute cannot be deleted", at: place) }
    default: throw fault("this cannot be deleted", at: target.range)
    }
  }

  // MARK: Imports

  private func importModules(
    _ modules: [(path: [String], alias: String?, range: Range<Int>)]
  ) throws {
    for (path, alias, range) in modules {
      let module = try module(path, at: range)
      if let alias {
        bind(alias, .object(module))
      } else {
        bind(path[0], .object(try self.module([path[0]], at: range)))
      }
    }
  }

  private func module(_ path: [String], at range: Range<Int>) throws -> any ProgramObject {
    guard let root = names.module(path[0], self) else {
      throw fault(
        "the module \"\(path[0])\" is not known",
        remedy: RefusedNames.advice(forModule: path[0])
          ?? Suggestions.remedy(path[0], among: names.moduleNames, of: "the lab"),
        as: .raised("ModuleNotFoundError", "No module named '\(path[0])'"), at: range)
    }
    var found: any ProgramObject = root
    if names.ignored.contains(path[0]) {
      note("\(path[0]) is accepted and ignored: the lab draws by itself", at: range)
      return found
    }
    for name in path.dropFirst() {
      guard case .object(let next)? = try found.attribute(name, self), next is Namespace else {
        throw fault(
          "\"\(found.name)\" has no module \"\(name)\"",
          remedy: Suggestions.remedy(name, among: found.attributeNames, of: found.name), at: range)
      }
      found = next
    }
    return found
  }

  private func importNames(
    _ path: [String], _ wanted: [(name: String, alias: String?, range: Range<Int>)],
    at range: Range<Int>
  ) throws {
    if path == ["__future__"] { return }
    let module = try module(path, at: range)
    for (name, alias, place) in wanted {
      guard let value = try module.attribute(name, self) else {
        throw fault(
          "\"\(path.joined(separator: "."))\" has no \"\(name)\"",
          remedy: RefusedNames.advice(for: name)
            ?? Suggestions.remedy(
              name, among: module.attributeNames, of: path.joined(separator: ".")),
          as: .raised("ImportError", "cannot import name '\(name)'"), at: place)
      }
      bind(alias ?? name, value)
    }
  }
}

extension ProgramObject {
  /// The name of a module, or the type of anything else.
  var name: String { (self as? Namespace)?.name ?? typeName }
}
