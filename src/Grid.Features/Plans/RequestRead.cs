namespace Grid.Features.Plans;

/// <summary>One column that is a value of the request. NaN as default: it has none, and is required.</summary>
internal readonly record struct RequestRead(int Destination, int Request, double Default, bool HasDefault);
