import Datasets
import FileFormats
import Foundation
import Synchronization
import TerminalGraphics
import Training
import Workbench

/// Carries out what the lab asks of the world: the run's thread, files, records.
package final class EffectRunner: Sendable {
  private let lab: LabThread
  private let news = Mutex<[News]>([])

  package init(lab: LabThread) { self.lab = lab }

  /// The news of files read and written since the last time.
  package func takeNews() -> [News] {
    news.withLock { news in
      defer { news = [] }
      return news
    }
  }

  private func tell(_ item: News) { news.withLock { $0.append(item) } }

  package func run(_ effect: Effect) {
    switch effect {
    case .lab(let request): lab.post(request)
    case .write(let path, let text): write(Array(text.utf8), to: path)
    case .writeBytes(let path, let bytes): writeBytes(bytes, to: path)
    case .openData(let path): openData(path)
    case .saveWeights(let path): saveWeights(to: path)
    default: break
    }
  }

  /// A path as a shell would take it: `~` is the home directory.
  private func url(_ path: String) -> URL {
    URL(fileURLWithPath: (path as NSString).expandingTildeInPath)
  }

  private func write(_ bytes: [UInt8], to path: String) {
    do {
      try FileBytes.write(bytes, to: url(path))
      tell(.saved(path: path))
    } catch { tell(.said("\(error)", .bad)) }
  }

  private func writeBytes(_ bytes: [UInt8], to path: String) {
    do {
      try FileBytes.write(bytes, to: url(path))
      tell(.said("written to \(path)", .good))
    } catch { tell(.said("\(error)", .bad)) }
  }

  private func openData(_ path: String) {
    do { tell(.dataset(try UserData.load(url(path), target: nil))) } catch {
      tell(.said("\(error)", .bad))
    }
  }

  private func saveWeights(to path: String) {
    let target = url(path)
    lab.post { lab in
      guard let session = lab.session else { return [.said("there is no run yet", .warning)] }
      do {
        let entries = session.weights.map {
          Safetensors.Entry(name: $0.name, tensor: $0.tensor)
        }
        try FileBytes.write(try Safetensors(entries: entries).bytes(), to: target)
        return [.said("weights of step \(session.position.step) written to \(path)", .good)]
      } catch { return [.said("\(error)", .bad)] }
    }
  }
}
