using Grid.Abstractions;
using Grid.Client;
using Grid.Primitives;

namespace Grid.Silo.Oip;

/// <summary>
/// Says in the protocol's own words what was wrong with a request that failed. It asks what the model looks like only then,
/// so that a good request never asks a control actor.
/// </summary>
internal static class OipDiagnosis
{
    /// <summary>The error to answer: a more exact one where there is one, else the first of the failure.</summary>
    public static async ValueTask<GridError> ExplainAsync(
        IGridClient client, string model, string? version, OipRequest request, GridException failure, CancellationToken cancellationToken)
    {
        if (failure.Code is not (GridErrorCode.InvalidArgument or GridErrorCode.NotFound or GridErrorCode.FailedPrecondition))
        {
            return failure.Error;
        }

        try
        {
            var (_, info) = await OipModels.FindAsync(client, model, version, cancellationToken);
            return CheckInputs(info, request.Inputs) ?? CheckOutputs(info, request.Outputs) ?? failure.Error;
        }
        catch (GridException e)
        {
            return e.Code == GridErrorCode.NotFound ? e.Error : failure.Error;
        }
    }

    /// <summary>The first thing that is wrong with the inputs, or null.</summary>
    internal static GridError? CheckInputs(VersionInfo version, IReadOnlyList<Tensor> inputs)
    {
        foreach (var input in inputs)
        {
            var spec = Array.Find(version.Inputs, s => s.Name == input.Name);
            if (spec is null)
            {
                return GridError.Invalid(
                    $"model '{version.Model}'",
                    $"unexpected inference input '{input.Name}', allowed inputs are: {string.Join(", ", version.Inputs.Select(static s => s.Name))}");
            }

            if (!string.Equals(spec.DataType, TensorElementTypes.NameOf(input.ElementType), StringComparison.OrdinalIgnoreCase))
            {
                return GridError.Invalid(
                    $"model '{version.Model}'",
                    $"inference input '{input.Name}' data-type is '{TensorElementTypes.NameOf(input.ElementType)}', but the model expects '{spec.DataType}'");
            }

            if (!Matches(spec.Shape, input.Shape))
            {
                return GridError.Invalid(
                    $"model '{version.Model}'",
                    $"unexpected shape for input '{input.Name}'. Expected [{string.Join(",", spec.Shape)}], got [{string.Join(",", input.Shape)}]");
            }
        }

        return version.Inputs.Length == inputs.Count
            ? null
            : GridError.Invalid(
                $"model '{version.Model}'",
                $"expected {version.Inputs.Length} inputs but got {inputs.Count} inputs. Missing: {string.Join(", ", version.Inputs.Select(static s => s.Name).Except(inputs.Select(static i => i.Name)))}");
    }

    internal static GridError? CheckOutputs(VersionInfo version, IReadOnlyList<string>? outputs)
    {
        var unknown = outputs?.FirstOrDefault(o => !Array.Exists(version.Outputs, s => s.Name == o));
        return unknown is null
            ? null
            : GridError.Invalid(
                $"model '{version.Model}'",
                $"unexpected inference output '{unknown}', allowed outputs are: {string.Join(", ", version.Outputs.Select(static s => s.Name))}");
    }

    private static bool Matches(long[] declared, long[] sent)
    {
        if (declared.Length != sent.Length)
        {
            return false;
        }

        for (var i = 0; i < declared.Length; i++)
        {
            if (declared[i] >= 0 && declared[i] != sent[i])
            {
                return false;
            }
        }

        return true;
    }
}
