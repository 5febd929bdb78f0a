/// `import os`, `import time`, `import sys`: what of them stays inside the sandbox.
enum SystemNames {
  static func os() -> Namespace {
    let path = Namespace("os.path")
    path.add(
      NativeFunction("join(*parts)") { call in
        var result = ""
        for part in call.rest {
          guard let text = part.string else {
            throw Complaint("join() takes texts; found \(part.described)")
          }
          result = text.hasPrefix("/") || result.isEmpty ? text : result.slashed + text
        }
        return try call.evaluator.text(result)
      })
    path.add(NativeFunction("basename(path)") { .text(try $0.text("path").parted.last) })
    path.add(NativeFunction("dirname(path)") { .text(try $0.text("path").parted.folder) })
    path.add(
      NativeFunction("splitext(path)") { call in
        let text = try call.text("path")
        let (folder, last) = text.parted
        guard let dot = last.lastIndex(of: "."), dot != last.startIndex else {
          return try call.evaluator.tuple([.text(text), .text("")])
        }
        let stem = (folder.isEmpty ? "" : folder.slashed) + last[..<dot]
        return try call.evaluator.tuple([.text(stem), .text(String(last[dot...]))])
      })
    path.add(
      NativeFunction("exists(path)") { call in
        do { _ = try call.evaluator.host.read(file: try call.text("path")) } catch is Complaint {
          return .boolean(false)
        }
        return .boolean(true)
      })
    let os = Namespace(
      "os", ["path": .object(path), "environ": .object(EnvironmentObject()), "sep": .text("/")])
    os.add(NativeFunction("getcwd()") { _ in .text(".") })
    os.add(NativeFunction("getenv(key, default=None)") { $0["default"] })
    os.add(NativeFunction("cpu_count()") { _ in .integer(1) })
    os.add(
      NativeFunction("makedirs(name, mode=511, exist_ok=False)") { call in
        call.evaluator.note(
          "os.makedirs is accepted and ignored: a program writes only what it saves",
          at: call.evaluator.callPlace)
        return .none
      })
    return os
  }

  static func time() -> Namespace {
    let module = Namespace("time")
    for name in ["time", "perf_counter", "monotonic", "process_time"] {
      module.add(NativeFunction("\(name)()") { .number($0.evaluator.host.seconds()) })
    }
    module.add(
      NativeFunction("sleep(seconds)") { call in
        call.evaluator.note(
          "time.sleep is accepted and ignored: the program goes on at once",
          at: call.evaluator.callPlace)
        return .none
      })
    return module
  }

  static func sys() -> Namespace {
    let module = Namespace(
      "sys",
      [
        "maxsize": .integer(Int.max), "version": .text("3.12.0 (the lab's subset)"),
        "argv": .list(ListObject([.text("program.py")])), "platform": .text("linux"),
      ])
    module.add(NativeFunction("exit(code=None)") { _ in throw Evaluator.Exit() })
    module.add(
      "stdout",
      .object(
        Namespace(
          "stdout", typeName: "TextIO",
          [
            "write": .object(
              NativeFunction("write(text)") { call in
                let text = try call.text("text")
                call.evaluator.write(text)
                return .integer(text.unicodeScalars.count)
              }), "flush": .object(NativeFunction("flush()") { _ in .none }),
          ])))
    return module
  }
}

/// `os.environ`: assignments are accepted, and change nothing.
private final class EnvironmentObject: ItemStore, Subscriptable, Container {
  var typeName: String { "environ" }
  var takesSlices: Bool { false }
  var attributeNames: [String] { ["get", "setdefault"] }

  func attribute(_ name: String, _ evaluator: Evaluator) -> PythonValue? {
    guard attributeNames.contains(name) else { return nil }
    return .object(NativeFunction("\(name)(key, default=None)") { $0["default"] })
  }

  func store(_ value: PythonValue, at index: PythonValue, _ evaluator: Evaluator) {
    evaluator.note(
      "os.environ is accepted and ignored: the lab has options of its own",
      at: evaluator.callPlace)
  }

  func deleteItem(at index: PythonValue, _ evaluator: Evaluator) {}

  func item(_ index: PythonValue, _ evaluator: Evaluator) throws -> PythonValue {
    throw Complaint(
      "the environment is hidden from a program", remedy: "write the value itself",
      as: .raised("KeyError", index.repr))
  }

  func contains(_ item: PythonValue, _ evaluator: Evaluator) -> Bool? { false }
}

extension String {
  fileprivate var slashed: String { hasSuffix("/") ? self : self + "/" }

  /// The folder of a path, and what lies in it.
  fileprivate var parted: (folder: String, last: String) {
    guard let slash = lastIndex(of: "/") else { return ("", self) }
    return (String(self[..<slash]), String(self[index(after: slash)...]))
  }
}
