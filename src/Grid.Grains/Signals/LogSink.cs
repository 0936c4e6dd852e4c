using Grid.Monitoring.Signals;
using Grid.Primitives;
using Microsoft.Extensions.Logging;

namespace Grid.Grains.Signals;

/// <summary>Writes signals to the log.</summary>
internal sealed partial class LogSink(ILogger<LogSink> logger) : IEventSink<Signal>
{
    public string Name => "log";

    public ValueTask<GridError?> SendAsync(Signal what, CancellationToken cancellationToken)
    {
        var level = what.Status == SignalStatus.Cleared || what.Severity == SignalSeverity.Info ? LogLevel.Information : LogLevel.Warning;
        var e = what.Evidence;
        LogSignal(level, what.Type, what.Status, what.Version, e.Column ?? "-", e.Statistic, e.Value, e.Threshold, e.Samples, what.Explanation ?? "-", what.Id);
        return default;
    }

    [LoggerMessage(EventId = 2831, Message = "Signal {Type} is {Status} for version {Version}: column {Column}, {Statistic} {Value} (threshold {Threshold}, {Samples} samples); {Explanation} [{Id}]")]
    private partial void LogSignal(LogLevel level, SignalType type, SignalStatus status, VersionKey version, string column, string statistic, double value, double threshold, long samples, string explanation, string id);
}
