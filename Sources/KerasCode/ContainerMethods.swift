// The methods of lists, dicts and strings that programs use.

enum ListMethods {
  static let names = [
    "append", "clear", "copy", "count", "extend", "index", "insert", "pop", "remove", "reverse",
    "sort",
  ]

  static func method(_ name: String, _ list: ListObject, _ evaluator: Evaluator) -> PythonValue? {
    guard names.contains(name) else { return nil }
    return .object(function(name, list))
  }

  private static func function(_ name: String, _ list: ListObject) -> NativeFunction {
    switch name {
    case "append", "extend", "insert", "remove": adding(name, list)
    case "pop":
      NativeFunction("pop(index=-1)") { call in
        let i = try call.evaluator.position(
          call["index"], list.items.count, at: call.evaluator.callPlace)
        if i < list.items.count - 64 { try call.evaluator.spend((list.items.count - i) / 64) }
        return list.items.remove(at: i)
      }
    case "index", "count": finding(name, list)
    case "clear":
      NativeFunction("clear()") { _ in
        list.items = []
        return .none
      }
    case "copy": NativeFunction("copy()") { try $0.evaluator.list(list.items) }
    case "reverse":
      NativeFunction("reverse()") { _ in
        list.items.reverse()
        return .none
      }
    default:
      NativeFunction("sort(*, key=None, reverse=False)") { call in
        list.items = try Builtins.sorted(list.items, call)
        return .none
      }
    }
  }

  private static func adding(_ name: String, _ list: ListObject) -> NativeFunction {
    switch name {
    case "append":
      NativeFunction("append(item)") { call in
        guard list.items.count < 10_000_000 else {
          throw Complaint("a list of more than ten million items", as: .final)
        }
        list.items.append(call["item"])
        return .none
      }
    case "extend":
      NativeFunction("extend(items)") { call in
        if case .list(let same) = call["items"], same === list {
          guard list.items.count < 5_000_000 else {
            throw Complaint("a list of more than ten million items", as: .final)
          }
          list.items += list.items
          return .none
        }
        try call.evaluator.iterate(call["items"], at: call.evaluator.callPlace) {
          guard list.items.count < 10_000_000 else {
            throw Complaint("a list of more than ten million items", as: .final)
          }
          list.items.append($0)
          return true
        }
        return .none
      }
    case "insert":
      NativeFunction("insert(index, item)") { call in
        let count = list.items.count
        let i = try call.integer("index")
        guard count < 10_000_000 else {
          throw Complaint("a list of more than ten million items", as: .final)
        }
        try call.evaluator.spend(count / 64)
        list.items.insert(call["item"], at: min(count, max(0, i < 0 ? i + count : i)))
        return .none
      }
    default:
      NativeFunction("remove(item)") { call in
        guard let i = try position(of: call["item"], list, call) else {
          throw Complaint(
            "the list does not hold \(call["item"].described)", at: .argument(0),
            as: .raised("ValueError", "\(call["item"].repr) is not in list"))
        }
        list.items.remove(at: i)
        return .none
      }
    }
  }

  private static func finding(_ name: String, _ list: ListObject) -> NativeFunction {
    NativeFunction("\(name)(item)") { call in
      if name == "count" {
        let place = call.evaluator.callPlace
        return .integer(
          try list.items.filter { try call.evaluator.isEqual($0, call["item"], at: place) }.count)
      }
      guard let i = try position(of: call["item"], list, call) else {
        throw Complaint(
          "the list does not hold \(call["item"].described)", at: .argument(0),
          as: .raised("ValueError", "\(call["item"].repr) is not in list"))
      }
      return .integer(i)
    }
  }

  private static func position(
    of item: PythonValue, _ list: ListObject, _ call: BoundCall
  ) throws
    -> Int?
  {
    try list.items.firstIndex {
      try call.evaluator.isEqual($0, item, at: call.evaluator.callPlace)
    }
  }
}
