extension PythonValue { var series: SeriesObject? { nil } }
final class SeriesObject { func wrapping(_ v: PythonValue) throws -> PythonValue { v } }
