/// The metrics, alphabetical: one line registers one.
package enum MetricCatalog {
  package static let all: [ComponentClass] = []
}
