using Grid.Abstractions;
using Grid.Client;

namespace Grid.Samples.Flights;

/// <summary>
/// Reports labels in batches. A crash can lose one batch at the most, so a run that starts again reports the last batch before it once more:
/// what is there already changes nothing.
/// </summary>
internal sealed class OutcomeReporter(IGridClient grid, string tenant, FlightDriverOptions options)
{
    private const int BatchSize = 256;

    private readonly Queue<Outcome> _waiting = new();

    /// <param name="flight">A flight that has landed.</param>
    /// <param name="score">What was predicted for it.</param>
    /// <param name="isNew">False for a landing that a run before has delivered, and very probably reported.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask AddAsync(Flight flight, FlightScore score, bool isNew, CancellationToken cancellationToken)
    {
        if (!options.ReportOutcomes || score.PredictionId.Length == 0)
        {
            return;
        }

        _waiting.Enqueue(new Outcome(score.PredictionId, options.Model, flight.Destination, flight.DepartureMs, flight.IsLate ? 1 : 0));
        if (_waiting.Count < BatchSize)
        {
            return;
        }

        if (isNew)
        {
            await FlushAsync(cancellationToken);
        }
        else
        {
            _waiting.Dequeue();
        }
    }

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_waiting.Count > 0)
        {
            await grid.ReportOutcomeAsync(tenant, [.. _waiting], cancellationToken);
            _waiting.Clear();
        }
    }
}
