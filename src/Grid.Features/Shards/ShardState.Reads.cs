using System.Text;
using Grid.Features.Plans;
using Grid.Features.Records;
using Grid.Primitives;

namespace Grid.Features.Shards;

/// <content>Reads.</content>
public sealed partial class ShardState
{
    /// <summary>Writes the vector of an entity as of a time. Allocates nothing unless it fails; changes nothing.</summary>
    /// <param name="vector">Bound to this state's plan.</param>
    /// <param name="entity">The entity's key; not looked at where the vector needs none.</param>
    /// <param name="asOfMs">Unix milliseconds. Exact from the entity's newest event on; before it windows are, as far back as their entries are kept, and the rest is refused by name.</param>
    /// <param name="requestValues">The values of the request in the order of <see cref="VectorPlan.RequestNames"/>; NaN for one that was not brought.</param>
    /// <param name="destination">Takes <see cref="VectorPlan.Count"/> floats. Undefined where the read fails.</param>
    /// <param name="states">Takes as many states, or empty.</param>
    public ReadOutcome ReadVector(VectorPlan vector, ReadOnlySpan<char> entity, long asOfMs, ReadOnlySpan<double> requestValues, Span<float> destination, Span<FeatureState> states = default)
    {
        ThrowIfUnusable();
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, vector.Count);
        if (!states.IsEmpty)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(states.Length, vector.Count);
        }

        Span<byte> buffer = stackalloc byte[RecordLayout.MaxKeyBytes];
        if (Check(vector, entity, asOfMs, buffer, out var key) is { } refused)
        {
            return ReadOutcome.Failed(refused);
        }

        if (VectorReader.ReadRequest(vector, requestValues, destination, states) is { } wrongValue)
        {
            return ReadOutcome.Failed(wrongValue);
        }

        var newest = RecordLayout.NoTime;
        var known = 0;
        var isDegraded = false;
        foreach (var read in vector.ViewReads)
        {
            var table = _records.Tables[read.View.Ordinal];
            var address = table.Find(read.View.IsTenant ? default : key);
            var record = address == 0 ? default : table.Read(address);
            if (address != 0)
            {
                known++;
                newest = Math.Max(newest, RecordLayout.NewestIn(record));
            }

            if (_reader.ReadView(read, record, asOfMs, destination, states, ref isDegraded) is { } error)
            {
                return ReadOutcome.Failed(error);
            }
        }

        return new ReadOutcome(null, newest, known, isDegraded);
    }

    /// <summary>Event time of the newest event in the records that a read of the vector would touch; <see cref="long.MinValue"/> for none. A read as of now is one as of the later of the two.</summary>
    public long NewestEventMs(VectorPlan vector, ReadOnlySpan<char> entity)
    {
        ThrowIfUnusable();
        Span<byte> buffer = stackalloc byte[RecordLayout.MaxKeyBytes];
        if (Check(vector, entity, 0, buffer, out var key) is not null)
        {
            return RecordLayout.NoTime;
        }

        var newest = RecordLayout.NoTime;
        foreach (var read in vector.ViewReads)
        {
            var table = _records.Tables[read.View.Ordinal];
            if (table.Find(read.View.IsTenant ? default : key) is var address and not 0)
            {
                newest = Math.Max(newest, RecordLayout.NewestIn(table.Read(address)));
            }
        }

        return newest;
    }

    private GridError? Check(VectorPlan vector, ReadOnlySpan<char> entity, long asOfMs, Span<byte> buffer, out ReadOnlySpan<byte> key)
    {
        key = default;
        if (!ReferenceEquals(vector.Plan, Plan) && vector.Plan.Generation != Plan.Generation)
        {
            return new GridError(GridErrorCode.FailedPrecondition, Name, $"has the views of generation {Plan.Generation}, and the vector is bound to {vector.Plan.Generation}.", "Bind the vector to the shard's plan.");
        }

        if (asOfMs is < Stamp.MinTimeMs or > Stamp.MaxTimeMs)
        {
            return GridError.Invalid("as-of time", $"is {asOfMs} ms, over about 4,450 years from 1970.", "Send Unix time in milliseconds.");
        }

        if (!vector.NeedsEntity)
        {
            return null;
        }

        if (entity.IsEmpty || !Encoding.UTF8.TryGetBytes(entity, buffer, out var bytes))
        {
            return GridError.Invalid(
                $"entity '{(entity.Length <= 64 ? entity : string.Concat(entity[..64], "…"))}'",
                entity.IsEmpty ? "is empty, and the vector reads views of an entity." : $"has over {RecordLayout.MaxKeyBytes} bytes of UTF-8.",
                $"Send the value of '{vector.EntityField}'.");
        }

        key = buffer[..bytes];
        return null;
    }
}
