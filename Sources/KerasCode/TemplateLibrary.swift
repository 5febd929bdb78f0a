import Foundation

/// The templates there are: programs in numbered folders, `06-u-net/model.py`, the simplest first.
package struct TemplateLibrary: Sendable {
  package let templates: [ProgramTemplate]
  /// Why some could not be read.
  package let failures: [Complaint]

  /// Those that come with the lab.
  package static let shipped = TemplateLibrary(directory: shippedDirectory)

  private static var shippedDirectory: URL {
    Bundle.module.bundleURL.appendingPathComponent("Templates")
  }

  /// Reads every template in a directory; a missing one holds none.
  package init(directory: URL) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
    var templates: [ProgramTemplate] = []
    var failures: [Complaint] = []
    for folder in names.sorted() where folder.first?.isNumber == true {
      let file = directory.appendingPathComponent(folder).appendingPathComponent("model.py")
      do throws(Complaint) {
        templates.append(try Self.template(at: file, named: Self.name(of: folder)))
      } catch { failures.append(error) }
    }
    self.templates = templates
    self.failures = failures
  }

  package func template(named name: String) -> ProgramTemplate? {
    templates.first { $0.name == name }
  }

  /// `u-net` of `06-u-net`.
  private static func name(of folder: String) -> String {
    folder.drop { $0.isNumber }.drop { $0 == "-" }.description
  }

  private static func template(
    at file: URL, named name: String
  ) throws(Complaint) -> ProgramTemplate {
    guard let bytes = try? Data(contentsOf: file),
      let text = String(bytes: bytes, encoding: .utf8)
    else {
      throw Complaint("\(file.path) cannot be read", remedy: "check the file")
    }
    return try ProgramTemplate(name: name, text: text)
  }
}
