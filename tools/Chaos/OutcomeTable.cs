using System.Globalization;

namespace Grid.Chaos;

/// <summary>One line for each run.</summary>
internal static class OutcomeTable
{
    private const int FailuresShown = 8;

    public static string Header =>
        "  seed form     result  records  events pushed retried aside entities  values epochs snapshots ended      s  faults";

    public static string Line(ChaosOutcome o) => string.Create(
        CultureInfo.InvariantCulture,
        $"{o.Options.Seed,6} {o.Options.Form.ToString().ToLowerInvariant(),-8} {(o.Passed ? "passed" : "FAILED"),-7} {o.Records,7} {o.Events,7} {o.Pushed,6} {o.PushRetries,7} {o.SetAside,5} {o.Entities,8} {o.Values,7} {o.Epochs,6} {o.Snapshots,9} {o.OwnEnds,5} {o.Took.TotalSeconds,6:0.0}  {o.Faults}");

    public static IEnumerable<string> FailuresOf(ChaosOutcome o) =>
        o.Failures.Take(FailuresShown).Append(o.Failures.Count > FailuresShown ? $"and {o.Failures.Count - FailuresShown} more" : "").Where(static f => f.Length > 0).Select(static f => $"         {f}");
}
